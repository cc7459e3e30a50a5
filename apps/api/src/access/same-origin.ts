import type { IncomingHttpHeaders } from 'node:http';
import { parseUrl } from '@syncline/connector-kit';

/**
 * Where a browser says that a request came from. Sec-Fetch-Site decides where it is sent (https and localhost): no page
 * can forge it. Elsewhere the Origin has to be this very host.
 */
export function requestOrigin(headers: IncomingHttpHeaders): 'same' | 'other' | 'unknown' {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' ? 'same' : 'other';
  const { origin, host } = headers;
  if (origin === undefined) return 'unknown';
  return host !== undefined && isAt(origin, host) ? 'same' : 'other';
}

/** Both through the same parser, so that a default port that one of them names makes no difference. */
function isAt(origin: string, host: string): boolean {
  const from = parseUrl(origin);
  return from !== undefined && parseUrl(`${from.protocol}//${host}`)?.host === from.host;
}
