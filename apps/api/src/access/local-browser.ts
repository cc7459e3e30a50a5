import type { IncomingHttpHeaders } from 'node:http';
import { requestOrigin } from './same-origin.js';

/** What of a request says where it comes from. */
export interface Arrival {
  readonly headers: IncomingHttpHeaders;
  readonly httpVersion: string;
  /** The socket's own word, and no header's. */
  readonly remoteAddress: string | undefined;
}

const ownName = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/** Headers of proxies and of networks before them. */
const byProxies = /^(x-forwarded.*|x-original-.*|x-envoy-.*|cf-.*|(x-|true-|fly-|fastly-|x-cluster-)client-ip)$/;
const alsoByProxies = new Set(['forwarded', 'via', 'x-real-ip', 'cdn-loop']);

export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^((::ffff:)?127(\.\d{1,3}){3}|::1)$/.test(address);
}

/**
 * Whether a request was made by a page of ours that a browser on this very machine shows, so far as it tells of itself:
 *
 * - the name in Host is one that no other machine has: with DNS rebinding it would be the other site's
 * - Origin is that very host by plain http: pages of other ports, other sites and forms have another one, and behind a
 *   proxy that hands on a Host of its own it stays the public one
 * - no proxy has left a trace: it would make everybody local. Some speak HTTP/1.0 to what is behind them, and no browser does
 */
export function isLocalBrowser({ headers, httpVersion, remoteAddress }: Arrival): boolean {
  const { host, origin } = headers;
  if (!isLoopback(remoteAddress) || httpVersion !== '1.1') return false;
  if (host === undefined || !ownName.test(host)) return false;
  if (Object.keys(headers).some((name) => byProxies.test(name) || alsoByProxies.has(name))) return false;
  return origin?.startsWith('http://') === true && isAtHost(origin, host) && requestOrigin(headers) === 'same';
}

function isAtHost(origin: string, host: string): boolean {
  return requestOrigin({ origin, host }) === 'same';
}
