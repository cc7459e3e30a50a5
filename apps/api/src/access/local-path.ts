import { parseUrl } from '@syncline/connector-kit';

/** Where a browser lands after signing in, if it named nothing better. */
export const startPage = '/admin/queues';

/** A path; not `//host` and not `/\host`, which browsers take for another host. */
const path = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/;

/** A place on this server to go on to after signing in. Anything else that a link may hold becomes the start page. */
export function localPath(next: string | undefined): string {
  const here = 'http://here.invalid';
  const url = next === undefined || !path.test(next) ? undefined : parseUrl(next, here);
  if (url === undefined) return startPage;
  const local = `${url.pathname}${url.search}`;
  // Once more: `/.//host` is harmless as it came, and `//host` when its dots are resolved.
  return url.origin === here && path.test(local) ? local : startPage;
}
