import { isIP } from 'node:net';
import { parseUrl, SyncError } from '@syncline/connector-kit';
import { type AllowList, hostAndPort, parseAllowList } from './allow-list.js';
import { isPublicAddress } from './public-address.js';

// Names that only a local resolver knows. Names of one label are refused as well: they are a container, a machine of
// the local domain or `localhost`, never a vendor.
const localSuffix = /\.(localhost|local|internal|intranet|lan|home\.arpa)$/;

/**
 * Whether a URL may be requested, as far as the URL itself tells. To be asked before a base URL is saved; what its name
 * resolves to is checked when connecting, because that can change.
 * @param allow `host:port` entries that are let through although private or plain http
 * @throws SyncError EGRESS_REFUSED
 */
export function checkEgress(url: string, allow: readonly string[] | AllowList): void {
  const allowed = Array.isArray(allow) ? parseAllowList(allow) : (allow as AllowList);
  const reason = refusal(url, allowed);
  if (reason === undefined) return;
  const details = { host: parseUrl(url)?.host ?? 'unreadable', reason };
  throw new SyncError('EGRESS_REFUSED', `The address is not allowed: ${reason}`, { details });
}

function refusal(text: string, allowed: AllowList): string | undefined {
  // The parser brings decimal, octal, hexadecimal, short and full-width forms of an IPv4 address into the dotted one.
  const url = parseUrl(text);
  if (url === undefined) return 'not a URL';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'neither https nor http';
  if (url.username !== '' || url.password !== '') return 'a user name or password in the URL';
  if (allowed.has(hostAndPort(url))) return undefined;
  if (url.protocol === 'http:') return 'not https';
  return refusalOfHost(url.hostname);
}

function refusalOfHost(hostname: string): string | undefined {
  const literal = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  if (isIP(literal) !== 0) return isPublicAddress(literal) ? undefined : 'not a public address';
  // A second spelling of the same host, which neither certificates nor lists know.
  if (hostname.endsWith('.')) return 'a dot at the end of the host name';
  if (!hostname.includes('.') || localSuffix.test(hostname)) return 'a local name';
  return undefined;
}
