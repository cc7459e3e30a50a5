import { entityQueue } from '@syncline/queue';
import { eventually } from '@syncline/testing';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { entityOf, type Firm } from '../e2e/firm.js';
import { expectUnharmed } from './expect-unharmed.js';
import { createRoughFirm } from './rough-times.js';

// Hazard K7: SIGTERM in the middle of a page, as every deployment sends it.

let firm: Firm;
beforeEach(async () => {
  // Longer than these tests last: whatever goes on was handed over, and not just missed.
  firm = await createRoughFirm({ environment: { SYNCLINE_LOCK_SECONDS: '60' } });
});
afterEach(() => firm.close());

it('a worker that is told to stop while the vendor answers hands its step back, and is gone at once', async () => {
  const hold = firm.simulator.holds.add({ match: { path: '/contacts', after: 4 } });
  const worker = await firm.startWorker();
  const jobId = await firm.trigger('full');
  await firm.simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
  await eventually('pages to be committed', async () => entityOf(await firm.job(jobId), 'contacts').pages >= 3);

  const toldAt = performance.now();
  expect(await worker.kill('SIGTERM')).toBe(0);
  expect(performance.now() - toldAt).toBeLessThan(10_000);
  const { active, waiting, prioritized } = await steps();
  expect(active, 'what is left under the lock of a process that is gone').toBe(0);
  expect([waiting, prioritized], 'it waits for the next worker, among those with a priority or not').toContain(1);
  expect(entityOf(await firm.job(jobId), 'contacts').status).toBe('running');

  firm.simulator.holds.release();
  await firm.startWorker();
  await expectUnharmed(firm, await firm.ended(jobId));
});

it('workers that are replaced one after the other, under load, lose nothing and repeat nothing', async () => {
  let current = await firm.startWorker();
  const jobId = await firm.trigger('full');
  for (let round = 0; round < 4; round += 1) {
    // The vendor answers four more requests, so that each worker leaves in the middle of something new.
    const hold = firm.simulator.holds.add({ match: { path: '/api/v2/', after: 4 } });
    const next = await firm.startWorker();
    await firm.simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
    expect((await firm.job(jobId)).status, 'the job is under way').toBe('running');
    expect(await current.kill('SIGTERM')).toBe(0);
    firm.simulator.holds.release({ id: hold });
    current = next;
  }
  await expectUnharmed(firm, await firm.ended(jobId));
});

/** How many steps there are in the queue of contacts, by their states. */
async function steps() {
  const connection = new Redis(firm.bed.redisUrl, { maxRetriesPerRequest: null });
  const queue = new Queue(entityQueue('practicepanther', 'contacts'), { connection, prefix: firm.bed.prefix });
  try {
    return await queue.getJobCounts('active', 'waiting', 'prioritized');
  } finally {
    await queue.close();
    connection.disconnect();
  }
}
