import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFirm, entityOf, type Firm, setSettings } from './firm.js';
import { expectTruth, rowsOf } from './truth.js';

describe('a firm with bad records', () => {
  let firm: Firm;
  beforeAll(async () => {
    firm = await createFirm({ contacts: 100, pageSize: 25 });
    await firm.startWorker();
  });
  afterAll(() => firm.close());

  it('keeps them as failed items; the rest of their pages is written', async () => {
    const { store } = firm.simulator;
    const [wrongType, unknownWord, nul] = store.ids('tasks').slice(100, 103) as [string, string, string];
    store.set('tasks', wrongType, { fields: { subject: { not: 'text' } } });
    store.set('tasks', unknownWord, { fields: { status: 'Delegated' } });
    store.set('tasks', nul, { fields: { subject: 'before\u0000after' } });

    const job = await firm.sync('full');
    expect(job.status).toBe('partial');
    const tasks = entityOf(job, 'tasks');
    expect(tasks).toMatchObject({ status: 'partial', recordsFailed: 1, recordsRead: store.counts().tasks });
    expect(tasks.recordsRead).toBe(
      tasks.recordsCreated + tasks.recordsUpdated + tasks.recordsUnchanged + tasks.recordsFailed,
    );
    const items = await firm.bed.db.selectFrom('sync_failed_items').selectAll().execute();
    expect(items).toMatchObject([
      {
        entity: 'tasks',
        kind: 'record',
        vendor_id: wrongType,
        error_code: 'RECORD_INVALID',
        field: 'subject',
        status: 'pending',
      },
    ]);
    expect(items[0]?.payload).toMatchObject({ id: wrongType, subject: { not: 'text' } });

    const rows = await rowsOf(firm.bed, 'tasks');
    expect(rows.get(unknownWord)).toMatchObject({
      status: 'Delegated',
      sync_flags: [{ field: 'status', code: 'UNKNOWN_VALUE' }],
    });
    expect(rows.get(nul)).toMatchObject({
      title: 'before\uFFFDafter',
      sync_flags: [{ field: 'subject', code: 'TEXT_REPLACED' }],
    });
  });

  it('resolves an item when its record is put right', async () => {
    const [id] = firm.simulator.store.ids('tasks').slice(100, 101) as [string];
    firm.simulator.clock.advance(3_600);
    firm.simulator.store.set('tasks', id, { fields: { subject: 'Text again' }, touch: true });
    const job = await firm.sync('incremental');
    expect(job.status).toBe('succeeded');
    const items = await firm.bed.db.selectFrom('sync_failed_items').select('status').execute();
    expect(items).toEqual([{ status: 'resolved' }]);
    expect((await rowsOf(firm.bed, 'tasks')).get(id)?.['title']).toBe('Text again');
  });
});

describe('a connection with a page cap', () => {
  let firm: Firm;
  beforeAll(async () => {
    firm = await createFirm({ contacts: 160, pageSize: 25 });
    await setSettings(firm.bed, { maxPages: 3 });
    await firm.startWorker();
  });
  afterAll(() => firm.close());

  it('ends as partial, moves no watermark, and goes on where it stopped', async () => {
    const first = await firm.sync('full');
    expect(first.status).toBe('partial');
    expect(entityOf(first, 'accounts')).toMatchObject({ status: 'partial', errorCode: 'PAGE_CAP_REACHED', pages: 3 });
    const [state] = await firm.bed.db.selectFrom('sync_state').selectAll().where('entity', '=', 'accounts').execute();
    expect(state).toMatchObject({ watermark: null });

    let job = first;
    for (let round = 0; round < 5 && job.status !== 'succeeded'; round += 1) job = await firm.sync('full');
    expect(job.status).toBe('succeeded');
    await expectTruth(firm.bed, firm.simulator);
    const states = await firm.bed.db.selectFrom('sync_state').select('watermark').execute();
    expect(states.every(({ watermark }) => watermark !== null)).toBe(true);
  });
});
