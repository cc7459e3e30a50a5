import { connectors } from '@syncline/connectors';
import {
  createTestBed,
  eventually,
  type RedisSentinels,
  type RedisServer,
  startRedisSentinels,
} from '@syncline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Firm } from '../e2e/firm.js';
import { expectUnharmed } from './expect-unharmed.js';
import { createRoughFirmOn } from './rough-times.js';

// A master behind three Sentinels dies in the middle of a sync, and later comes back.

let sentinels: RedisSentinels;
let firm: Firm;
beforeAll(async () => {
  sentinels = await startRedisSentinels();
  firm = await createRoughFirmOn({}, await createTestBed({ redis: sentinels }));
});
afterAll(async () => {
  await firm?.close();
  await sentinels?.close();
});

it('a sync goes on at the master that the Sentinels have chosen, and so does every connection', async () => {
  expect(await held(sentinels.master), 'of the API').toBe(1);
  // A worker has one, and one more for each queue; without that of schedules, which tests switch off.
  const all = 1 + 1 + connectors.flatMap(({ entities }) => entities).length + 5;
  const page = firm.simulator.holds.add({ match: { path: '/contacts', after: 1 } });
  const worker = await firm.startWorker();
  await eventually('the connections of the worker', async () => (await held(sentinels.master)) === all);
  const jobId = await firm.trigger('full');
  await firm.simulator.holds.untilHeld(page, 1, AbortSignal.timeout(30_000));

  await sentinels.master.kill();
  firm.simulator.holds.release();
  await expectUnharmed(firm, await firm.ended(jobId));
  expect(await sentinels.masterPort()).toBe(sentinels.replica.port);
  await eventually('the API to be ready again', async () => (await firm.request('GET', '/readyz')).status === 200);
  await eventually('all connections', async () => (await held(sentinels.replica)) === all);
  expect((await firm.sync('incremental')).status).toBe('succeeded');
  // BullMQ opens those anew, one after the other, that were waiting when the master went.
  await eventually('no more, and no less', async () => (await held(sentinels.replica)) === all);
  expect(await worker.kill('SIGTERM')).toBe(0);
});

/** How many connections clients hold, apart from Sentinels, replicas and whoever asks. */
async function held(server: RedisServer): Promise<number> {
  const lines = String(await server.command('CLIENT', 'LIST'))
    .trim()
    .split('\n');
  return lines.filter((line) => !/ name=sentinel| flags=\S*S| cmd=client/.test(line)).length;
}
