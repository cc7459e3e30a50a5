import { eventually } from '@syncline/testing';
import { expect, it } from 'vitest';
import { expectUnharmed } from '../chaos/expect-unharmed.js';
import { createFirmWithPostgres, createFirmWithRedis, createRoughFirm } from '../chaos/rough-times.js';
import { entityOf, type Firm } from '../e2e/firm.js';
import { soak } from './settings.js';

// Hazards R2, P3 and A3 in their full length.

const outageMs = soak.outageSeconds * 1_000;
/** Beyond the outage, and what may be waited for after it. */
const patienceMs = 120_000;

/** A job that is in the middle of contacts, with its next request in the vendor's hands. */
async function underWay(firm: Firm) {
  const hold = firm.simulator.holds.add({ match: { path: '/contacts', after: 3 } });
  const worker = await firm.startWorker();
  const jobId = await firm.trigger('full');
  await firm.simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
  await eventually('pages to be committed', async () => entityOf(await firm.job(jobId), 'contacts').pages >= 2);
  return { worker, jobId };
}

const passed = (ms: number) => {
  const startedAt = performance.now();
  return eventually(`${ms} ms to pass`, () => performance.now() - startedAt > ms, ms + 10_000);
};

it.concurrent(`Redis is gone for ${soak.outageSeconds} s`, async ({ onTestFinished }) => {
  const firm = await createFirmWithRedis();
  onTestFinished(() => firm.close());
  const { worker, jobId } = await underWay(firm);
  await firm.redis.kill();
  firm.simulator.holds.release();
  await eventually('the run to rest', () => worker.output().includes('a service of ours is away'));
  const requests = firm.simulator.requests.count;
  await passed(outageMs);
  expect(firm.simulator.requests.count, 'requests without a budget').toBe(requests);
  await firm.restart();
  await expectUnharmed(firm, await firm.ended(jobId, patienceMs));
  expect(await worker.kill('SIGTERM')).toBe(0);
});

it.concurrent(`Postgres is gone for ${soak.outageSeconds} s`, async ({ onTestFinished }) => {
  const firm = await createFirmWithPostgres();
  onTestFinished(() => firm.close());
  const { worker, jobId } = await underWay(firm);
  await firm.postgres.kill();
  const attemptsBefore = firm.network.accepted;
  firm.simulator.holds.release();
  await passed(outageMs);
  const attempts = firm.network.accepted - attemptsBefore;
  expect(attempts).toBeGreaterThan(0);
  expect(attempts / soak.outageSeconds, 'attempts a second').toBeLessThan(5);
  await firm.restart();
  await expectUnharmed(firm, await firm.ended(jobId, patienceMs));
  expect(await worker.kill('SIGTERM')).toBe(0);
});

it.concurrent('the right to renew tokens outlives its dead holder by a minute and a half', async ({
  onTestFinished,
}) => {
  const firm = await createRoughFirm();
  onTestFinished(() => firm.close());
  // Held on arrival: the vendor has not spent the refresh token when the worker dies.
  const grant = firm.simulator.holds.add({ match: { path: '/oauth/token', nth: 1 } });
  const first = await firm.startWorker();
  const jobId = await firm.trigger('full');
  await firm.simulator.holds.untilHeld(grant, 1, AbortSignal.timeout(30_000));
  await first.kill('SIGKILL');
  await firm.startWorker();
  const job = await firm.ended(jobId, patienceMs);
  expect(firm.simulator.requests.totals['POST /oauth/token'], 'asked for once by each').toBe(2);
  await expectUnharmed(firm, job);
});
