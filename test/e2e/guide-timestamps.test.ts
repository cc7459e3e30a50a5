import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFirm, entityOf, type Firm } from './firm.js';
import { expectTruth, type SyncedEntity } from './truth.js';

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

  it('because it is gone, or because where a run was cut short cannot be read, is made up for by reading all', async () => {
    const { store, clock } = firm.simulator;
    const { db } = firm.bed;
    const gone = ['matters', 'events'] as const;
    const unreadable = ['users', 'accounts', 'notes', 'emails'] as const;
    // Longer ago than a day, and less than the look-back.
    clock.advance(-3 * day);
    for (const entity of [...gone, ...unreadable]) store.edit(entity, longestUnchanged(firm, entity));
    clock.advance(3 * day);
    await db.deleteFrom('sync_state').where('entity', 'in', gone).execute();
    const continuation = { cursor: { of: 'another release' }, mode: 'full', lowerBound: null, upperBound: null };
    await db
      .updateTable('sync_state')
      .set({ continuation: JSON.stringify(continuation) })
      .where('entity', 'in', unreadable)
      .execute();

    const job = await firm.sync('incremental');
    expect(job.status).toBe('succeeded');
    const reasons = Object.fromEntries(
      job.entities.map(({ entity, mode, modeReason }) => [entity, [mode, modeReason]]),
    );
    for (const entity of gone) expect(reasons[entity]).toEqual(['full', 'no watermark yet']);
    const cannot = 'the place to go on from cannot be read';
    for (const entity of unreadable) expect(reasons[entity]).toEqual(['full', cannot]);
    for (const entity of ['contacts', 'tasks']) expect(reasons[entity]).toEqual(['incremental', null]);
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

/** A change of it is a newer version, however long ago it was made. */
function longestUnchanged({ simulator }: Firm, entity: SyncedEntity): string {
  const records = simulator.store.records(entity) as { id: string; updated_at: string }[];
  return records.sort((a, b) => (a.updated_at < b.updated_at ? -1 : 1))[0]?.id ?? '';
}
