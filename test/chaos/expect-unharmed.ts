import { expect } from 'vitest';
import type { Firm, Job } from '../e2e/firm.js';
import { expectTruth } from '../e2e/truth.js';
import { countWrites } from '../e2e/write-log.js';
import { budget } from './rough-times.js';

/**
 * What every hazard has to leave behind after a first full sync: a job that ended well, tables that equal the vendor's
 * truth, each row written once by the database's own count, numbers that add up, and a quota that was kept by the
 * vendor's own count.
 */
export async function expectUnharmed(firm: Firm, job: Job): Promise<void> {
  expect(job).toMatchObject({ status: 'succeeded', errorCode: null });
  await expectTruth(firm.bed, firm.simulator);
  const total = job.entities.reduce((sum, run) => sum + run.recordsRead, 0);
  expect(await countWrites(firm.bed)).toEqual({ rows: total, repeated: 0 });
  for (const { recordsRead, recordsCreated } of job.entities) expect(recordsCreated).toBe(recordsRead);
  expectBudgetKept(firm);
}

export function expectBudgetKept(firm: Firm): void {
  const { requests } = firm.simulator.requests.busiestWindow(budget.seconds);
  expect(requests).toBeGreaterThan(0);
  expect(requests).toBeLessThanOrEqual(budget.requests);
}
