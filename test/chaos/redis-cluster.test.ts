import { once } from 'node:events';
import { keysBelow, openRedis, requireUsableRedis } from '@syncline/queue';
import { createTestBed, eventually, type RedisCluster, type RedisServer, startRedisCluster } from '@syncline/testing';
import type { Cluster } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { entityOf, type Firm } from '../e2e/firm.js';
import { expectUnharmed } from './expect-unharmed.js';
import { createRoughFirmOn } from './rough-times.js';

// Hazard R6 on a Cluster of three masters: the one that has our keys is killed, and the replica that takes over is older
// than what the master has acknowledged.

let cluster: RedisCluster;
let firm: Firm;
beforeAll(async () => {
  cluster = await startRedisCluster();
  firm = await createRoughFirmOn({}, await createTestBed({ redis: cluster }));
});
afterAll(async () => {
  await firm?.close();
  await cluster?.close();
});

it('a node of it is refused under the address of a single server', async () => {
  const node = cluster.url.replace('+cluster', '').replace(/,.*/, '');
  const redis = openRedis({ redisUrl: node, failFast: false, onError: () => undefined });
  try {
    await expect(requireUsableRedis(redis, firm.bed.prefix)).rejects.toThrow('let it begin with redis+cluster://');
  } finally {
    redis.disconnect();
  }
});

it('a connection that is sent to another master while it closes does close', async () => {
  const redis = openRedis({ redisUrl: cluster.url, failFast: false, onError: () => undefined }) as Cluster;
  // Workers wait for jobs on duplicates.
  const waiting = redis.duplicate();
  let others: readonly RedisServer[] = [];
  try {
    await waiting.ping();
    await Promise.all(waiting.nodes().map((node) => node.ping()));
    ({ others } = await cluster.moveSlotOf('moved'));
    for (const other of others) other.signal('SIGSTOP');
    const answer = waiting.get('moved').catch((error: Error) => error.message);
    const ended = once(waiting, 'end', { signal: AbortSignal.timeout(20_000) });
    // The question is on its way, and its answer comes before any connection has ended.
    waiting.disconnect();
    await ended;
    expect(await answer).toMatch('None of startup nodes');
  } finally {
    for (const other of others) other.signal('SIGCONT');
    waiting.disconnect();
    redis.disconnect();
  }
});

it('a connection that opens while the Cluster is not whole is open, for whoever waits, when it is', async () => {
  const redis = openRedis({ redisUrl: cluster.url, failFast: false, onError: () => undefined }) as Cluster;
  const waiting = redis.duplicate();
  try {
    await waiting.ping();
    const ended = once(waiting, 'end');
    waiting.disconnect();
    await ended;
    const giveBack = await cluster.loseSlotOf('lost');
    const opened = waiting.connect();
    await once(waiting, 'reconnecting', { signal: AbortSignal.timeout(20_000) });
    await giveBack();
    await once(waiting, 'ready', { signal: AbortSignal.timeout(20_000) });
    expect(await Promise.race([opened.then(() => 'open'), waiting.ping()])).toBe('open');
  } finally {
    waiting.disconnect();
    redis.disconnect();
  }
});

it('a sync goes on when a master is lost with writes that no replica has, and nothing happens twice', async () => {
  const { master, replica } = await cluster.replicateMasterOf(`${firm.bed.prefix}:any`);
  const early = firm.simulator.holds.add({ match: { path: '/accounts', after: 1 } });
  const late = firm.simulator.holds.add({ match: { path: '/matters', after: 2 } });
  const worker = await firm.startWorker();
  const jobId = await firm.trigger('full');
  await firm.simulator.holds.untilHeld(early, 1, AbortSignal.timeout(30_000));
  replica.signal('SIGSTOP');
  // What the master sends from now on would wait for the replica, and reach it all the same.
  await master.command('CLIENT', 'KILL', 'TYPE', 'replica');
  firm.simulator.holds.release({ id: early });
  await firm.simulator.holds.untilHeld(late, 1, AbortSignal.timeout(30_000));

  await master.kill();
  replica.signal('SIGCONT');
  await eventually('the replica to take over', async () =>
    String(await replica.command('INFO', 'replication')).includes('role:master'),
  );
  expect(entityOf(await firm.job(jobId), 'accounts').status, 'Postgres knows better').toBe('succeeded');
  expect(
    Number(await replica.command('LLEN', `${firm.bed.prefix}:practicepanther-accounts:active`)),
    'by its memory accounts are still being read',
  ).toBe(1);

  firm.simulator.holds.release();
  await expectUnharmed(firm, await firm.ended(jobId));
  expect((await firm.request('GET', '/readyz')).status).toBe(200);
  expect(worker.output()).not.toMatch(/CROSSSLOT|same slot/);
  expect(await worker.kill('SIGTERM')).toBe(0);
});

it('every key of ours is in one slot', async () => {
  const redis = openRedis({ redisUrl: cluster.url, failFast: false, onError: () => undefined });
  try {
    const keys: string[] = [];
    for await (const some of keysBelow(redis, '')) keys.push(...some);
    expect(keys.length).toBeGreaterThan(20);
    expect(keys.filter((key) => !key.startsWith(`${firm.bed.prefix}:`))).toEqual([]);
    expect(new Set(await Promise.all(keys.map((key) => redis.cluster('KEYSLOT', key)))).size).toBe(1);
  } finally {
    redis.disconnect();
  }
});
