import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFirm, entityOf, type Firm } from './firm.js';
import { expectTruth } from './truth.js';

const day = 86_400;
let firm: Firm;

beforeAll(async () => {
  firm = await createFirm({ contacts: 40, now: () => new Date(Date.now() - 53 * day * 1000) });
  await firm.startWorker();
  await firm.sync('full');
});
afterAll(() => firm.close());

/** The guide fell back to yesterday, or to seven days ago: what had changed before that never came. */
describe('a watermark that does not help', () => {
  // One after the other: after the second the vendor's clock has caught up with ours.
  it.each([45, 8])('because nothing ran for %i days is made up for by reading everything', async (days) => {
    const { store, clock } = firm.simulator;
    for (let step = 1; step <= 4; step += 1) {
      clock.advance((days * day) / 4);
      const edits = { accounts: 1, contacts: 1, matters: 2, tasks: 2, notes: 2, emails: 2, events: 2, timeentries: 2 };
      store.mutate({ seed: days + step, edits });
    }
    const job = await firm.sync('incremental');
    expect(job.status).toBe('succeeded');
    for (const { mode, modeReason } of job.entities) {
      expect({ mode, modeReason }).toEqual({ mode: 'full', modeReason: expect.stringContaining('older than 7 days') });
    }
    await expectTruth(firm.bed, firm.simulator);
  });

  it('because the vendor refuses it is made up for by reading that entity whole, and no other', async () => {
    const { store, faults } = firm.simulator;
    store.mutate({ seed: 1, edits: { notes: 3, events: 3 } });
    const refusal = { status: 400, body: '{"Message":"updated_since: invalid timestamp"}' };
    const fault = faults.add({ match: { path: '/notes', times: 1 }, action: refusal });
    const job = await firm.sync('incremental');
    expect(faults.hits(fault)).toBe(1);
    expect(job.status).toBe('succeeded');
    expect(entityOf(job, 'notes')).toMatchObject({ mode: 'full', modeReason: expect.stringContaining('refused') });
    const others = job.entities.filter(({ entity }) => entity !== 'notes');
    expect(new Set(others.map(({ mode }) => mode))).toEqual(new Set(['incremental']));
    await expectTruth(firm.bed, firm.simulator);
  });
});
