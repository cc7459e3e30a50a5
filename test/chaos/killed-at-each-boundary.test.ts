import { type Strike, strikeEnvironment, strikeMark } from '@syncline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Firm } from '../e2e/firm.js';
import { expectUnharmed } from './expect-unharmed.js';
import { createRoughFirm, slowDown } from './rough-times.js';

// Hazard K1: kill -9 at each point of an entity run where a death has consequences of its own.

let firm: Firm;
beforeAll(async () => {
  // Six locks have to end, one after the other.
  firm = await createRoughFirm({ environment: { SYNCLINE_LOCK_SECONDS: '1' } });
});
afterAll(() => firm.close());

const deaths: Omit<Strike, 'action'>[] = [
  { boundary: 'claimed' },
  { boundary: 'fetched', nth: 3 },
  { boundary: 'in-transaction', nth: 2 },
  { boundary: 'committed', nth: 2 },
  { boundary: 'all-pages-read' },
  { boundary: 'ended' },
];

it('six workers die at six different points of one job, and it costs nothing', async () => {
  slowDown(firm);
  const jobId = await firm.trigger('full');
  const doomed = await Promise.all(
    deaths.map((death) => firm.startWorker(strikeEnvironment({ ...death, action: 'SIGKILL' }))),
  );
  const ends = await Promise.all(doomed.map((worker) => worker.ended));
  expect(ends.map(({ signal }) => signal)).toEqual(deaths.map(() => 'SIGKILL'));
  for (const [i, worker] of doomed.entries()) expect(worker.output()).toContain(`${strikeMark}${deaths[i]?.boundary}`);
  expect((await firm.job(jobId)).status, 'nobody is left to end it').toBe('running');

  // Hazard K9: all are gone for a while; whoever comes next goes on.
  await firm.startWorker();
  await expectUnharmed(firm, await firm.ended(jobId));
});
