import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EmbeddedError } from '../embedded-error.js';
import { type HomeLock, lockHome } from './home-lock.js';
import { keeperRecordFile, readRecord, writeRecord } from './keeper-record.js';
import { newLockSocket } from './lock-socket.js';

let home: string;
let steps: string[];
const held: HomeLock[] = [];

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'lock-')));
  steps = [];
});
afterEach(async () => {
  for (const lock of held.splice(0)) await lock.release();
  await rm(home, { recursive: true });
});

async function lock(parent = process.pid): Promise<HomeLock> {
  const runId = Math.random().toString(16).slice(2, 14);
  const taken = await lockHome({ home, runId, parent, onStep: (line) => steps.push(line) });
  held.push(taken);
  return taken;
}

it('refuses a second keeper and names the process to stop', async () => {
  await lock();
  const refused = await lock().catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(EmbeddedError);
  expect((refused as EmbeddedError).message).toBe(`Syncline already runs in ${home} (process ${process.pid}).`);
  expect((refused as EmbeddedError).hint).toContain('SYNCLINE_HOME');
});

it('leaves nothing behind and can be taken again', async () => {
  const first = await lock();
  const { place = '' } = (await readRecord(keeperRecordFile(home))) ?? {};
  await stat(place);
  await first.release();
  held.length = 0;
  await expect(stat(place)).rejects.toThrow('ENOENT');
  await lock();
});

it('takes over the socket of a process that was killed', async () => {
  const script = `require('net').createServer().listen(process.argv[1], () => console.log('listening'))`;
  const holder = spawn(process.execPath, ['-e', script, newLockSocket(home)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  // It listens but says nothing of itself: still taken.
  await expect(lock()).rejects.toThrow(`Syncline already runs in ${home}.`);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  await lock();
});

it('waits for a keeper that is stopping', async () => {
  const first = await lock();
  first.markStopping();
  const second = lock();
  await expect.poll(() => steps, { timeout: 10_000 }).toEqual(['Waiting for the services of the last run to stop']);
  await first.release();
  held.length = 0;
  await second;
});

it('lets exactly one of several starts take over a stale socket', async () => {
  const script = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  const stale = newLockSocket(home);
  await once(spawn(process.execPath, ['-e', script, stale]), 'exit');
  await stat(stale);
  for (let round = 0; round < 5; round += 1) {
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => lock()));
    expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    for (const one of held.splice(0)) await one.release();
  }
});

it('sees a living keeper whose socket was swept away', async () => {
  const keeper = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'a-run-id']);
  try {
    const record = { keeper: keeper.pid ?? 0, parent: process.pid, runId: 'a-run-id', place: join(home, 'gone.sock') };
    await writeRecord(join(home, 'keeper.json'), record);
    await expect
      .poll(() => lock().catch((error: Error) => error.message), { timeout: 10_000 })
      .toContain(`(process ${process.pid})`);
  } finally {
    keeper.kill('SIGKILL');
    await once(keeper, 'exit');
  }
  await lock();
});
