import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFirm, entityOf, type Firm } from './firm.js';
import { expectTruth } from './truth.js';

let firm: Firm;

beforeAll(async () => {
  firm = await createFirm({ contacts: 160, pageSize: 25 });
  await firm.startWorker();
});
afterAll(() => firm.close());

it('60 records of one and the same time, across pages, all arrive in a full sync', async () => {
  firm.simulator.store.shareTimestamp('matters', 60, { at: new Date('2024-05-05T05:05:05.050Z'), from: 15 });
  const job = await firm.sync('full');
  expect(entityOf(job, 'matters')).toMatchObject({
    recordsRead: firm.simulator.store.counts().matters,
    recordsFailed: 0,
  });
  await expectTruth(firm.bed, firm.simulator);
});

it('and in an incremental one', async () => {
  firm.simulator.clock.advance(7_200);
  const ids = firm.simulator.store.shareTimestamp('matters', 60);
  expect(ids).toHaveLength(60);
  const job = await firm.sync('incremental');
  expect(entityOf(job, 'matters')).toMatchObject({ mode: 'incremental', recordsUpdated: 60 });
  await expectTruth(firm.bed, firm.simulator);
});
