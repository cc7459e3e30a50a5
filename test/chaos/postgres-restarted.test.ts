import { eventually, strikeEnvironment, strikeMark } from '@syncline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { entityOf } from '../e2e/firm.js';
import { expectUnharmed } from './expect-unharmed.js';
import { createFirmWithPostgres, type PostgresFirm, slowDown } from './rough-times.js';

// Hazards P2 and P3: Postgres is restarted, or gone for a while, under processes that go on.

let firm: PostgresFirm;
beforeAll(async () => {
  firm = await createFirmWithPostgres();
});
afterAll(() => firm.close());

it('a restart under an open transaction ends no process, an outage makes nobody hammer, and nothing is lost', async () => {
  slowDown(firm);
  const held = strikeEnvironment({ boundary: 'in-transaction', entity: 'contacts', nth: 2, action: 'hold' });
  const hold = firm.simulator.holds.add({ match: { path: '/matters', after: 2 } });
  const worker = await firm.startWorker(held);
  const jobId = await firm.trigger('full');
  await eventually('the transaction to be open', () => worker.output().includes(strikeMark));

  // The client is checked out and waits for nothing: its error has nobody to go to but the listener.
  await firm.postgres.stop();
  await eventually('the lost connection to be told of', () => worker.output().includes('postgres trouble'));
  await firm.restart();
  worker.signal('SIGUSR2');

  await firm.simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
  await eventually('pages to be committed', async () => entityOf(await firm.job(jobId), 'matters').pages >= 1);
  const rests = restsOf(worker.output());
  await firm.postgres.kill();
  const goneAt = performance.now();
  const attemptsBefore = firm.network.accepted;
  firm.simulator.holds.release();
  await eventually('the run to rest', () => restsOf(worker.output()) > rests);
  const trigger = await firm.request('POST', '/api/sync/trigger', { syncType: 'full' });
  expect(trigger.status, 'what cannot be kept is not accepted').toBe(503);
  await eventually('four seconds to pass', () => performance.now() - goneAt > 4_000);
  const attempts = firm.network.accepted - attemptsBefore;
  expect(attempts, 'somebody tried').toBeGreaterThan(0);
  expect(attempts / ((performance.now() - goneAt) / 1_000), 'attempts a second').toBeLessThan(10);

  await firm.restart();
  await expectUnharmed(firm, await firm.ended(jobId));
  expect(await worker.kill('SIGTERM'), 'the same process, all the time').toBe(0);
});

const restsOf = (output: string) => output.split('a service of ours is away').length;
