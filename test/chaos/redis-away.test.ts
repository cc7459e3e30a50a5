import { eventually } from '@syncline/testing';
import { expect, it } from 'vitest';
import { entityOf } from '../e2e/firm.js';
import { expectUnharmed } from './expect-unharmed.js';
import { createFirmWithRedis, type RedisFirm } from './rough-times.js';

// Hazards R2 and F3: Redis is gone for a while. Nobody may call a vendor without asking the budget.

const promisedMs = 60_000;

/** How long an answer took. */
async function timed<T>(work: () => Promise<T>): Promise<{ readonly answer: T; readonly ms: number }> {
  const startedAt = performance.now();
  const answer = await work();
  return { answer, ms: performance.now() - startedAt };
}

async function readyStatus(firm: RedisFirm): Promise<number> {
  return (await fetch(`${firm.api.url}/readyz`)).status;
}

it.concurrent('a run rests while Redis is gone, asks the vendor nothing, and goes on', async ({ onTestFinished }) => {
  const firm = await createFirmWithRedis();
  onTestFinished(() => firm.close());
  const hold = firm.simulator.holds.add({ match: { path: '/contacts', after: 3 } });
  const worker = await firm.startWorker();
  const jobId = await firm.trigger('full');
  await firm.simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
  await eventually('pages to be committed', async () => entityOf(await firm.job(jobId), 'contacts').pages >= 2);

  await firm.redis.kill();
  const goneAt = performance.now();
  // What the vendor is answering already may still be used.
  firm.simulator.holds.release();
  await eventually('the run to rest', () => worker.output().includes('a service of ours is away'));
  const requests = firm.simulator.requests.count;
  await eventually('three seconds to pass', async () => {
    const { answer, ms } = await timed(() => firm.request('GET', `/api/v1/sync/jobs/${jobId}`));
    expect(answer.status, 'what is in Postgres can be read').toBe(200);
    // Less than a second on a machine that does nothing else.
    expect(ms).toBeLessThan(5_000);
    return performance.now() - goneAt > 3_000;
  });
  expect(await readyStatus(firm)).toBe(503);
  expect(firm.simulator.requests.count, 'requests without a budget').toBe(requests);

  await firm.restart();
  await expectUnharmed(firm, await firm.ended(jobId));
  expect(await readyStatus(firm)).toBe(200);
  expect(await worker.kill('SIGTERM'), 'the same process, all the time').toBe(0);
});

it.concurrent('a trigger is taken while Redis is gone, at once, and the job starts when it is back', async ({
  onTestFinished,
}) => {
  const firm = await createFirmWithRedis();
  onTestFinished(() => firm.close());
  const worker = await firm.startWorker();
  await firm.redis.kill();
  await eventually('the API to notice', async () => (await readyStatus(firm)) === 503);

  const { answer, ms } = await timed(() => firm.request('POST', '/api/sync/trigger', { syncType: 'full' }));
  expect(answer.status).toBe(202);
  // Less than a second on a machine that does nothing else.
  expect(ms).toBeLessThan(5_000);
  const jobId = String(answer.body['jobId']);
  expect((await firm.job(jobId)).status).toBe('queued');

  await firm.restart('lost');
  await eventually('the job to start', async () => (await firm.job(jobId)).status !== 'queued', promisedMs);
  await expectUnharmed(firm, await firm.ended(jobId));
  expect(await worker.kill('SIGTERM')).toBe(0);
});

it.concurrent('a worker that is told to stop meanwhile stops', async ({ onTestFinished }) => {
  const firm = await createFirmWithRedis();
  onTestFinished(() => firm.close());
  const hold = firm.simulator.holds.add({ match: { path: '/contacts', after: 1 } });
  const worker = await firm.startWorker();
  const jobId = await firm.trigger('full');
  await firm.simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
  await firm.redis.kill();
  const { answer, ms } = await timed(() => worker.kill('SIGTERM'));
  expect(answer).toBe(0);
  expect(ms).toBeLessThan(10_000);
  firm.simulator.holds.release();
  await firm.restart();
  await firm.startWorker();
  await expectUnharmed(firm, await firm.ended(jobId));
});
