import { parseUrl } from '@syncline/connector-kit';
import type { ApiContext } from '../api-context.js';

/** Where the dashboard is, if it was built. */
export const dashboardPath = '/app/';

/** Where a browser lands after signing in, if it named nothing better. */
export function startPage({ dashboardFolder }: Pick<ApiContext, 'dashboardFolder'>): string {
  return dashboardFolder === undefined ? '/admin/queues' : dashboardPath;
}

/** A path; not `//host` and not `/\host`, which browsers take for another host. */
const path = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/;

/** A place on this server to go on to after signing in. Anything else that a link may hold becomes `start`. */
export function localPath(next: string | undefined, start: string): string {
  const here = 'http://here.invalid';
  const url = next === undefined || !path.test(next) ? undefined : parseUrl(next, here);
  if (url === undefined) return start;
  const local = `${url.pathname}${url.search}`;
  // Once more: `/.//host` is harmless as it came, and `//host` when its dots are resolved.
  return url.origin === here && path.test(local) ? local : start;
}
