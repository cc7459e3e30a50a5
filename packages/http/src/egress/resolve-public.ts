import { promises as dns, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { SyncError } from '@syncline/connector-kit';
import { isPublicAddress } from './public-address.js';

/** All addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export const systemResolve: Resolve = (hostname) => dns.lookup(hostname, { all: true });

/**
 * All addresses of a name, provided that every one of them is public. One private address among public ones is enough
 * to refuse: which of them is taken is not ours to foresee.
 * @throws SyncError EGRESS_REFUSED; the resolver's own error if the name is unknown
 */
export async function resolvePublic(hostname: string, resolve: Resolve): Promise<readonly LookupAddress[]> {
  const addresses = await resolve(hostname);
  if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address))) {
    const reason =
      addresses.length === 0 ? 'the name has no address' : 'the name leads to an address that is not public';
    throw new SyncError('EGRESS_REFUSED', `The address is not allowed: ${reason}`, {
      details: { host: hostname, reason },
    });
  }
  return addresses;
}

/**
 * The `lookup` of a socket. The socket connects to what this answers and to nothing else, so the address checked is the
 * address used: between a check and a second resolution a name could move to a private address (DNS rebinding).
 */
export function asLookup(addressesOf: Resolve): LookupFunction {
  return (hostname, options, done) => {
    addressesOf(hostname).then(
      (addresses) => {
        if (options.all) done(null, [...addresses]);
        else done(null, addresses[0]?.address ?? '', addresses[0]?.family);
      },
      (error: NodeJS.ErrnoException) => done(error, ''),
    );
  };
}
