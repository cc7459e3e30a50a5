import { eventually } from '@syncline/testing';
import { expect, it } from 'vitest';
import { entityOf } from '../e2e/firm.js';
import { expectUnharmed } from './expect-unharmed.js';
import { budget, createFirmWithRedis, type RedisFirm } from './rough-times.js';

// Hazard R1: FLUSHALL. What is queued, running, delayed: Redis knows of none of it any more.

/** With the interval at which jobs are looked after by default. */
const promisedMs = 60_000;

/**
 * After a quiet moment: an emptied Redis does not know what of the budget is used either, and the vendor would be asked for
 * that once more.
 */
async function emptyRedis({ redis, simulator }: RedisFirm): Promise<void> {
  await eventually('a window without a request', () => {
    const last = simulator.requests.entries.at(-1)?.arrivedMs ?? 0;
    return performance.now() - last > budget.seconds * 1_000;
  });
  expect(Number(await redis.command('DBSIZE')), 'there was something to lose').toBeGreaterThan(10);
  await redis.command('FLUSHALL');
}

it.concurrent('a job that is under way when Redis is emptied goes on within a minute', async ({ onTestFinished }) => {
  const firm = await createFirmWithRedis({ environment: { SYNCLINE_RECONCILE_SECONDS: '5' } });
  onTestFinished(() => firm.close());
  const hold = firm.simulator.holds.add({ match: { path: '/contacts', after: 3 } });
  await firm.startWorker();
  const jobId = await firm.trigger('full');
  await firm.simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
  await eventually('pages to be committed', async () => entityOf(await firm.job(jobId), 'contacts').pages >= 2);

  await emptyRedis(firm);
  const emptiedAt = performance.now();
  firm.simulator.holds.release();
  await eventually(
    'the step after the one that was running',
    async () => entityOf(await firm.job(jobId), 'matters').pages > 0,
    promisedMs,
  );
  expect(performance.now() - emptiedAt).toBeLessThan(promisedMs);
  await expectUnharmed(firm, await firm.ended(jobId));
});

it.concurrent('so does one that waits for another try', async ({ onTestFinished }) => {
  // On a slow machine a second round of tries may come before the outage ends: no reason for a pause of a minute.
  const environment = { SYNCLINE_RECONCILE_SECONDS: '5', PP_CIRCUIT_MAX_FAILURES: '100' };
  const firm = await createFirmWithRedis({ environment });
  onTestFinished(() => firm.close());
  const outage = firm.simulator.faults.add({ match: { path: '/matters' }, action: { status: 503 } });
  await firm.startWorker();
  const jobId = await firm.trigger('full');
  await eventually(
    'the step to wait for its next try',
    async () => entityOf(await firm.job(jobId), 'matters').waitingFor !== null,
  );
  expect(firm.simulator.faults.hits(outage)).toBeGreaterThan(0);

  await emptyRedis(firm);
  const emptiedAt = performance.now();
  firm.simulator.faults.clear();
  await eventually('its next try', async () => entityOf(await firm.job(jobId), 'matters').pages > 0, promisedMs);
  expect(performance.now() - emptiedAt).toBeLessThan(promisedMs);
  await expectUnharmed(firm, await firm.ended(jobId));
});
