import { strikeEnvironment } from '@syncline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { entityOf, type Firm } from '../e2e/firm.js';
import { expectUnharmed } from './expect-unharmed.js';
import { createRoughFirm } from './rough-times.js';

// Hazard K3: BullMQ gives a job up that lost its worker more often than it may. Postgres knows better.

let firm: Firm;
beforeAll(async () => {
  firm = await createRoughFirm({ environment: { SYNCLINE_LOCK_SECONDS: '1' } });
});
afterAll(() => firm.close());

it('one and the same step loses its worker four times, and is taken up a fifth', async () => {
  const jobId = await firm.trigger('full');
  const death = strikeEnvironment({ boundary: 'in-transaction', entity: 'contacts', action: 'SIGKILL' });
  const doomed = await Promise.all(Array.from({ length: 4 }, () => firm.startWorker(death)));
  const ends = await Promise.all(doomed.map((worker) => worker.ended));
  expect(ends.map(({ signal }) => signal)).toEqual(Array.from({ length: 4 }, () => 'SIGKILL'));
  const left = entityOf(await firm.job(jobId), 'contacts');
  expect(left, 'none of them got anywhere').toMatchObject({ status: 'running', recordsRead: 0 });

  await firm.startWorker();
  await expectUnharmed(firm, await firm.ended(jobId));
});
