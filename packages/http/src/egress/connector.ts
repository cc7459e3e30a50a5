import { isIP } from 'node:net';
import { SyncError } from '@syncline/connector-kit';
import { buildConnector } from 'undici';
import type { AllowList } from './allow-list.js';
import { isPublicAddress } from './public-address.js';
import { asLookup, type Resolve, resolvePublic } from './resolve-public.js';

/** Of connecting, TLS included; the attempt's deadline may end it sooner. */
const connectTimeoutMs = 15_000;

/**
 * Opens undici's sockets. The URL was checked before; this is the check that cannot be got round, since every
 * connection passes here. IP literals are looked at by hand, because a socket calls `lookup` for names only
 * (undici#2019).
 */
export function guardedConnector(allow: AllowList, resolve: Resolve): buildConnector.connector {
  // Node gives each address of a name 250 ms by default, which a vendor on another continent may not keep.
  const options = { timeout: connectTimeoutMs, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 2_000 };
  const toPublic = buildConnector({ ...options, lookup: asLookup((name) => resolvePublic(name, resolve)) });
  const toAllowed = buildConnector({ ...options, lookup: asLookup(resolve) });

  return (target, callback) => {
    const literal = isIP(target.hostname) !== 0;
    const host = literal && target.hostname.includes(':') ? `[${target.hostname}]` : target.hostname;
    const port = target.port || (target.protocol === 'https:' ? '443' : '80');
    if (allow.has(`${host}:${port}`)) {
      toAllowed(target, callback);
    } else if (target.protocol !== 'https:' || (literal && !isPublicAddress(target.hostname))) {
      const details = { host: target.hostname, reason: 'not a public https address' };
      callback(new SyncError('EGRESS_REFUSED', undefined, { details }), null);
    } else {
      toPublic(target, callback);
    }
  };
}
