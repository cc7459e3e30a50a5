import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isOwnPeer } from './peer-user.js';

const own = process.getuid?.() ?? 0;
const other = own + 4_321;
const four = { remoteAddress: '127.0.0.1', remotePort: 0xc001, localAddress: '127.0.0.1', localPort: 3000 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peers-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Tables as Linux has them, of sockets with a user each. */
async function tables(rows: { tcp?: string[]; tcp6?: string[] }): Promise<string> {
  for (const name of ['tcp', 'tcp6'] as const) {
    const lines = (rows[name] ?? []).map((row, i) => `   ${i}: ${row} 12345 1 0000000000000000 20 4 0 10 -1`);
    await writeFile(join(folder, name), ['  sl  local_address rem_address   st tx_queue', ...lines, ''].join('\n'));
  }
  return folder;
}
const row = (local: string, remote: string, user: number, state = '01') =>
  `${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  ${user}        0`;
const [theirs, ours] = ['0100007F:C001', '0100007F:0BB8'];

it('a program of this user, and one of root, are its own; of anybody else it is not', async () => {
  const ask = async (user: number) => isOwnPeer(four, await tables({ tcp: [row(theirs, ours, user)] }));
  expect([await ask(own), await ask(0), await ask(other)]).toEqual([true, true, false]);
});

it('the row is that of the other end, and not ours or one of another connection', async () => {
  const rows = [row(ours, theirs, own), row(theirs, '0100007F:0BB9', own), row('0100007F:C002', ours, own)];
  expect(await isOwnPeer(four, await tables({ tcp: rows }))).toBe(false);
  expect(await isOwnPeer(four, await tables({ tcp: [...rows, row(theirs, ours, own)] }))).toBe(true);
});

it('a socket that was closed by its owner is not taken for one of root', async () => {
  for (const state of ['04', '05', '06']) {
    expect(await isOwnPeer(four, await tables({ tcp: [row(theirs, ours, 0, state)] }))).toBe(false);
  }
});

it('a socket of IPv6 is found by both of its addresses', async () => {
  const prefix = '0000000000000000FFFF0000';
  const mapped = await tables({ tcp6: [row(`${prefix}${theirs}`, `${prefix}${ours}`, own)] });
  expect(await isOwnPeer(four, mapped)).toBe(true);
  const loopback = '00000000000000000000000001000000';
  const six = { ...four, remoteAddress: '::1', localAddress: '::1' };
  expect(await isOwnPeer(six, await tables({ tcp6: [row(`${loopback}:C001`, `${loopback}:0BB8`, other)] }))).toBe(
    false,
  );
});

it('without such a table nothing is said', async () => {
  expect(await isOwnPeer(four, join(folder, 'nowhere'))).toBeUndefined();
});

it.runIf(existsSync('/proc/net/tcp'))('a real connection of this process is its own', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [socket] = (await once(server, 'connection')) as [Socket];
  expect(await isOwnPeer(socket)).toBe(true);
  expect(await isOwnPeer({ ...four, localPort: socket.localPort, remotePort: 1 })).toBe(false);
  client.destroy();
  socket.destroy();
  server.close();
});
