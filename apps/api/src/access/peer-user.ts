import { readFile } from 'node:fs/promises';

/** The two ends of a connection within this machine, as the socket here sees them. */
export interface Ends {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
}

/**
 * Whether the other end of a connection belongs to the user that this process runs as, or to root, who may read its
 * keys anyway. Loopback alone says nothing of that: other people's programs reach it as well, and so do proxies, which
 * have users of their own. Undefined where the kernel keeps no table that tells (not Linux).
 */
export async function isOwnPeer(ends: Ends, folder = '/proc/net'): Promise<boolean | undefined> {
  const own = process.getuid?.();
  if (own === undefined) return undefined;
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`${folder}/${name}`, 'utf8').catch(() => '')),
  );
  if (tables[0] === '') return undefined;
  const user = tables.map((table) => userOf(table, ends)).find((found) => found !== undefined);
  return user === own || user === 0;
}

const established = '01';

/** The user in the row of the peer's socket, whose local end is our remote one. A row: sl local remote st queues timer retransmits uid … */
function userOf(table: string, { remoteAddress, remotePort, localAddress, localPort }: Ends): number | undefined {
  const theirs = namesOf(remoteAddress, remotePort);
  const ours = namesOf(localAddress, localPort);
  for (const line of table.split('\n')) {
    const [, local = '', remote = '', state, , , , user] = line.trim().split(/\s+/);
    // One that its owner has closed has none any more, which would look like root.
    if (state !== established) continue;
    if (theirs.includes(local) && ours.includes(remote)) return Number(user);
  }
  return undefined;
}

/** An end as the tables of IPv4 and of IPv6 have it: words of 32 bits in this machine's order of bytes, then the port. */
function namesOf(address = '', port = 0): string[] {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  if (address === '::1') return [`${'0'.repeat(24)}01000000${end}`];
  const [, bytes] = /^(?:::ffff:)?(\d+(?:\.\d+){3})$/.exec(address) ?? [];
  if (bytes === undefined) return [];
  const word = Buffer.from(bytes.split('.').reverse().map(Number)).toString('hex').toUpperCase();
  return [`${word}${end}`, `${'0'.repeat(16)}FFFF0000${word}${end}`];
}
