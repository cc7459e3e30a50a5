import { createTestBed, eventually, type RedisSentinels, startRedisSentinels } from '@syncline/testing';
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

it('a sync goes on at the master that the Sentinels have chosen', async () => {
  const held = firm.simulator.holds.add({ match: { path: '/contacts', after: 1 } });
  const worker = await firm.startWorker();
  const jobId = await firm.trigger('full');
  await firm.simulator.holds.untilHeld(held, 1, AbortSignal.timeout(30_000));

  await sentinels.master.kill();
  firm.simulator.holds.release();
  await expectUnharmed(firm, await firm.ended(jobId));
  expect(await sentinels.masterPort()).toBe(sentinels.replica.port);
  await eventually('the API to be ready again', async () => (await firm.request('GET', '/readyz')).status === 200);
  expect((await firm.sync('incremental')).status).toBe('succeeded');
  expect(await worker.kill('SIGTERM')).toBe(0);
});
