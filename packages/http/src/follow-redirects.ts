import { SyncError } from '@syncline/connector-kit';
import { describe, type Layer } from './call.js';
import { resolveOnOrigin } from './prepare-call.js';

const followed = new Set([301, 302, 303, 307, 308]);
const mostHops = 3;

/**
 * Follows redirects of a GET within its own origin; each hop takes its own permit. Everything else is an error: the
 * credentials in the headers do not travel to another host, and a POST is not sent twice.
 * @throws SyncError UPSTREAM_REJECTED
 */
export const followRedirects: Layer = (next) => async (call) => {
  let current = call;
  for (let hops = 0; ; hops += 1) {
    const response = await next(current);
    if (response.status < 300 || response.status > 399) return response;

    const target = followed.has(response.status) && call.method === 'GET' ? response.headers.location : undefined;
    const url = target === undefined || hops === mostHops ? undefined : ownOrigin(current.url, target);
    if (url === undefined) {
      const details = { ...describe(current), status: response.status };
      throw new SyncError('UPSTREAM_REJECTED', 'The vendor redirects to where we do not follow', { details });
    }
    current = { ...current, url };
  }
};

function ownOrigin(base: URL, target: string): URL | undefined {
  try {
    return resolveOnOrigin(base, target);
  } catch {
    return undefined;
  }
}
