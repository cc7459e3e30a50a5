import ipaddr from 'ipaddr.js';

// Outside of it no IPv6 address is reachable on the internet; ipaddr.js calls all that it has no name for "unicast",
// the old IPv4-compatible ::127.0.0.1 among it.
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];
const nat64: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('64:ff9b::'), 96];

/**
 * Whether an address is one of the public internet. What cannot be read is not.
 *
 * Two IPv6 forms are judged by the IPv4 address inside: mapped ones, which the system connects to as IPv4, and the
 * well-known NAT64 prefix, which is how a host without IPv4 sees the whole of it. 6to4, Teredo and the local NAT64
 * prefix reach an embedded address as well, but nobody offers an API there: refused whatever is inside.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.parse(address);
  if (ip.kind() === 'ipv4') return ip.range() === 'unicast';

  const ipv6 = ip as ipaddr.IPv6;
  if (ipv6.isIPv4MappedAddress()) return ipv6.toIPv4Address().range() === 'unicast';
  if (ipv6.match(nat64)) return new ipaddr.IPv4(ipv6.toByteArray().slice(12)).range() === 'unicast';
  return ipv6.range() === 'unicast' && ipv6.match(globalUnicast);
}
