import { parseUrl, SyncError } from '@syncline/connector-kit';
import { parseAllowList } from './allow-list.js';
import { checkEgress } from './check-egress.js';
import { guardedConnector } from './connector.js';
import { systemResolve } from './resolve-public.js';

/**
 * Whether a vendor's host can be reached: the egress rules, its name, a connection, its certificate. No request is sent, so
 * no budget is spent. Resolves with how long it took, ms.
 *
 * Throws SyncError EGRESS_REFUSED, and the socket's own error.
 */
export async function reachHost(url: string, egressAllow: readonly string[]): Promise<number> {
  const allow = parseAllowList(egressAllow);
  checkEgress(url, allow);
  const target = parseUrl(url);
  if (target === undefined) throw new SyncError('EGRESS_REFUSED');
  const { hostname, host, protocol, port } = target;
  const connect = guardedConnector(allow, systemResolve);
  const startedAt = performance.now();
  await new Promise<void>((resolve, reject) => {
    connect({ hostname: hostname.replace(/^\[|\]$/g, ''), host, protocol, port }, (error, socket) => {
      socket?.destroy();
      if (error) reject(error);
      else resolve();
    });
  });
  return Math.round(performance.now() - startedAt);
}
