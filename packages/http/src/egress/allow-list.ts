import { parseUrl } from '@syncline/connector-kit';

/** Which `host:port` may be reached although it is not public. */
export type AllowList = ReadonlySet<string>;

const entryForm = /^(?<host>\[[\da-f:.]+\]|[^\s/@*:?#\\[\]]+):(?<port>\d{1,5})$/i;

/**
 * Reads entries such as `localhost:4010` or `[::1]:4010`. They are brought into the form that the URL parser gives a
 * host, so that `LOCALHOST` and `127.1` mean what they mean in a URL.
 * @throws TypeError for an entry without a host or port: a mistake in the configuration
 */
export function parseAllowList(entries: readonly string[]): AllowList {
  return new Set(
    entries.map((entry) => {
      const { host, port } = entryForm.exec(entry.trim())?.groups ?? {};
      const url = parseUrl(`http://${host}`);
      if (!host || url === undefined) throw new TypeError(`Not a host:port to allow: "${entry}"`);
      return `${url.hostname}:${Number(port)}`;
    }),
  );
}

/** The `host:port` of a URL, with the scheme's own port where it names none. */
export function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}
