import { afterAll, beforeAll, expect, it } from 'vitest';
import { entityOf } from '../e2e/firm.js';
import { expectUnharmed } from './expect-unharmed.js';
import { createFirmWithPostgres, type PostgresFirm } from './rough-times.js';

// Hazard P8: Postgres fails over to a replica that lags behind what it had committed. Here it is a copy of the files, which
// recovers as a replica does that is promoted.

let firm: PostgresFirm;
beforeAll(async () => {
  firm = await createFirmWithPostgres();
});
afterAll(() => firm.close());

it('a Postgres that comes back with an older state takes nothing of runs that it does not know', async () => {
  const early = firm.simulator.holds.add({ match: { path: '/accounts', after: 1 } });
  const late = firm.simulator.holds.add({ match: { path: '/matters', after: 2 } });
  const worker = await firm.startWorker();
  const jobId = await firm.trigger('full');
  await firm.simulator.holds.untilHeld(early, 1, AbortSignal.timeout(30_000));
  const copy = await firm.postgres.copy();
  firm.simulator.holds.release({ id: early });
  await firm.simulator.holds.untilHeld(late, 1, AbortSignal.timeout(30_000));
  expect(entityOf(await firm.job(jobId), 'contacts').status).toBe('succeeded');

  await firm.postgres.kill();
  await firm.restart(copy);
  const job = await firm.job(jobId);
  expect(entityOf(job, 'accounts').status, 'what was committed since is gone').toBe('running');
  expect(entityOf(job, 'matters')).toMatchObject({ status: 'pending', pages: 0 });

  firm.simulator.holds.release();
  await expectUnharmed(firm, await firm.ended(jobId));
  expect(await worker.kill('SIGTERM')).toBe(0);
});
