import { eventually } from '@syncline/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { entityOf } from '../e2e/firm.js';
import { expectUnharmed } from './expect-unharmed.js';
import { createFirmWithRedis, type RedisFirm } from './rough-times.js';

// Hazards R4 and R5: Redis has no memory left and refuses every write; or it makes room by forgetting.

let firm: RedisFirm;
beforeEach(async () => {
  firm = await createFirmWithRedis();
});
afterEach(() => firm.close());

const ready = async () => {
  const response = await fetch(`${firm.api.url}/readyz`);
  return { status: response.status, checks: ((await response.json()) as { checks: unknown }).checks };
};

it('a Redis that is full in mid run: seen at once, lived through, and the same processes go on when there is room', async () => {
  const hold = firm.simulator.holds.add({ match: { path: '/contacts', after: 3 } });
  const worker = await firm.startWorker();
  const jobId = await firm.trigger('full');
  await firm.simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
  await eventually('pages to be committed', async () => entityOf(await firm.job(jobId), 'contacts').pages >= 2);

  await firm.redis.command('CONFIG', 'SET', 'maxmemory', 1);
  await expect(firm.redis.command('SET', 'anything', 1), 'it is full').rejects.toThrow(/^OOM/);
  expect(await ready()).toMatchObject({ status: 503, checks: { redis: 'out of memory: raise maxmemory' } });
  firm.simulator.holds.release();
  // Permits of the budget are still counted (their script frees before it takes); steps cannot be begun.
  await eventually('the worker to say what is wrong', () => /OOM command not allowed/.test(worker.output()));
  const standing = await firm.job(jobId);
  expect(standing.status).toBe('running');
  expect(entityOf(standing, 'matters').status).toBe('pending');

  await firm.redis.command('CONFIG', 'SET', 'maxmemory', 0);
  await expectUnharmed(firm, await firm.ended(jobId));
  expect(await ready()).toMatchObject({ status: 200 });
  expect(await worker.kill('SIGTERM')).toBe(0);
});

it('a Redis that may evict keys is refused, by a process that starts and by the one that is asked', async () => {
  await firm.redis.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
  const refusal = firm.startWorker();
  await expect(refusal).rejects.toThrow(/code 2 .*maxmemory-policy allkeys-lru.*Set maxmemory-policy to noeviction/s);
  expect(await ready()).toMatchObject({ status: 503, checks: { redis: 'may evict keys: set noeviction' } });
});
