import { consume, openRedis } from '@syncline/queue';
import { eventually, startOwnRedis } from '@syncline/testing';
import { Queue } from 'bullmq';
import { expect, it } from 'vitest';
import type { Firm } from '../e2e/firm.js';
import { expectUnharmed } from './expect-unharmed.js';
import { startProxy } from './proxy.js';
import { createFirmWithRedis, slowDown } from './rough-times.js';

// Hazard R3: the network between our processes and Redis resets connections, stands still, or forgets about them.

const pagesOf = async (firm: Firm, jobId: string) =>
  (await firm.job(jobId)).entities.reduce((sum, run) => sum + run.pages, 0);

const readyStatus = async (firm: Firm) => (await fetch(`${firm.api.url}/readyz`)).status;

it.concurrent('connections that are reset again and again, and a network that stands still, cost nothing', async ({
  onTestFinished,
}) => {
  const firm = await createFirmWithRedis();
  onTestFinished(() => firm.close());
  slowDown(firm, 150);
  const worker = await firm.startWorker();
  const jobId = await firm.trigger('full');
  for (let round = 0; round < 3; round += 1) {
    const before = await pagesOf(firm, jobId);
    await eventually('more pages', async () => (await pagesOf(firm, jobId)) > before);
    await eventually('connections to reset', () => firm.network.open > 5);
    expect(firm.network.cut()).toBeGreaterThan(5);
  }
  await eventually('connections to stall', () => firm.network.open > 5);
  expect((await firm.job(jobId)).status).toBe('running');
  expect(firm.network.stall()).toBeGreaterThan(5);
  expect(await readyStatus(firm), 'a Redis that does not answer is not ready').toBe(503);
  firm.network.pass();
  await expectUnharmed(firm, await firm.ended(jobId));
  expect(await worker.kill('SIGTERM')).toBe(0);
});

it.concurrent('connections that nobody answers any more, and nobody ends, are given up', async ({ onTestFinished }) => {
  const firm = await createFirmWithRedis();
  onTestFinished(() => firm.close());
  slowDown(firm, 150);
  const worker = await firm.startWorker();
  const jobId = await firm.trigger('full');
  await eventually('pages to be committed', async () => (await pagesOf(firm, jobId)) > 2);
  expect(firm.network.strand(), 'connections that are dead, and do not look it').toBeGreaterThan(5);
  expect((await firm.job(jobId)).status).toBe('running');
  await eventually('the API to notice', async () => (await readyStatus(firm)) === 503);
  const healed = eventually('the API to have new connections', async () => (await readyStatus(firm)) === 200);
  await Promise.all([expectUnharmed(firm, await firm.ended(jobId)), healed]);
  expect(await worker.kill('SIGTERM')).toBe(0);
});

it.concurrent('a worker that starts in the moment when Redis resets its connections takes jobs all the same', async ({
  onTestFinished,
}) => {
  const own = await startOwnRedis();
  const network = await startProxy(own.url);
  const connection = openRedis({ redisUrl: network.url, failFast: false, onError: () => undefined });
  await connection.ping();
  network.refuse();
  const before = network.accepted;
  let handled = 0;
  const shared = { connection, prefix: '{start}', onError: () => undefined };
  const consumer = consume({
    ...shared,
    queue: 'orders',
    concurrency: 1,
    isFinal: () => true,
    handle: async () => {
      handled += 1;
      return { kind: 'done' };
    },
  });
  onTestFinished(async () => {
    await consumer.stop();
    connection.disconnect();
    await network.close();
    await own.close();
  });
  await eventually('both of its connections to have failed', () => network.accepted - before >= 3);
  network.pass();
  const queue = new Queue('orders', { connection, prefix: '{start}' });
  await queue.add('orders', { v: 1, syncJobId: crypto.randomUUID(), connector: 'shop' });
  await eventually('the job to be done', () => handled === 1);
  await queue.close();
});
