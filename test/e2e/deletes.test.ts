import { eventually } from '@syncline/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createFirm, entityOf, type Firm, setSettings } from './firm.js';
import { entities, expectTruth, rowsOf, type SyncedEntity } from './truth.js';

const deletedIn = async (firm: Firm, entity: SyncedEntity) =>
  [...(await rowsOf(firm.bed, entity))]
    .filter(([, row]) => row['deleted_at'] !== null)
    .map(([id]) => id)
    .sort();
const items = (firm: Firm) => firm.bed.db.selectFrom('sync_failed_items').selectAll().execute();
/** Requests for single records of an entity since the log was reset. */
const askedById = (firm: Firm, entity: string) => firm.simulator.requests.totals[`GET /api/v2/${entity}/{id}`] ?? 0;

describe('a firm that deletes records', () => {
  let firm: Firm;
  beforeAll(async () => {
    firm = await createFirm({ contacts: 160, pageSize: 25 });
    await firm.startWorker();
    await firm.sync('full');
  });
  afterEach(() => firm.simulator.faults.clear());
  afterAll(() => firm.close());

  it('has a survivor and a doomed one told apart: the list misses both, asked by id one is there', async () => {
    const { store, faults, requests } = firm.simulator;
    const tasks = store.records('tasks').sort((a, b) => (`${a['updated_at']}` < `${b['updated_at']}` ? -1 : 1));
    const [survivor, doomed] = [String(tasks[20]?.['id']), String(tasks[120]?.['id'])];
    store.delete('tasks', doomed);
    const body = JSON.stringify(tasks.slice(0, 26).filter(({ id }) => id !== survivor));
    const fault = faults.add({ match: { path: '/tasks', nth: 1 }, action: { body } });
    requests.reset();
    const job = await firm.sync('full');
    expect(faults.hits(fault)).toBe(1);
    expect(job.status).toBe('succeeded');
    expect(entityOf(job, 'tasks')).toMatchObject({ recordsDeleted: 1, recordsRead: store.counts().tasks });
    expect(await deletedIn(firm, 'tasks')).toEqual([doomed]);
    await expectTruth(firm.bed, firm.simulator);
    // The two, and one that the list had, to see what the answers are worth.
    expect(askedById(firm, 'tasks')).toBe(3);
  });

  it('loses nothing to a full sync that fails on page 4 of 7, and what it had to with the next', async () => {
    const { store, faults } = firm.simulator;
    const [gone] = store.ids('contacts').slice(60, 61) as [string];
    store.delete('contacts', gone);
    const fault = faults.add({ match: { path: '/contacts', after: 3 }, action: { status: 403 } });
    const failed = await firm.sync('full');
    expect(faults.hits(fault)).toBeGreaterThan(0);
    expect(entityOf(failed, 'contacts')).toMatchObject({ status: 'failed', pages: 3, recordsDeleted: 0 });
    for (const entity of ['accounts', 'contacts', 'matters'] as const)
      expect(await deletedIn(firm, entity)).toEqual([]);

    faults.clear();
    const job = await firm.sync('full');
    expect(entityOf(job, 'contacts')).toMatchObject({ status: 'succeeded', pages: 7, recordsDeleted: 1 });
    expect(await deletedIn(firm, 'contacts')).toEqual([gone]);
    await expectTruth(firm.bed, firm.simulator);
  });

  it('is asked before an empty list, answered with 200, empties a table', async () => {
    const { faults, store } = firm.simulator;
    const before = await deletedIn(firm, 'tasks');
    const count = store.counts().tasks;
    const fault = faults.add({ match: { path: '/tasks' }, action: { body: '[]' } });
    const held = await firm.sync('full');
    expect(faults.hits(fault)).toBe(1);
    expect(held).toMatchObject({ status: 'partial', errorCode: 'SWEEP_HELD' });
    expect(entityOf(held, 'tasks')).toMatchObject({ status: 'partial', recordsRead: 0, recordsDeleted: 0 });
    expect(await deletedIn(firm, 'tasks')).toEqual(before);
    const open = (await items(firm)).filter(({ status }) => status !== 'resolved');
    expect(open).toMatchObject([{ kind: 'sweep', entity: 'tasks', payload: { candidates: count, live: count } }]);

    const [item] = open;
    if (item === undefined) throw new Error('there is no item');
    // Held until somebody says so: a retry of everything does not.
    const { body } = await firm.request('POST', '/api/v1/failed-items/retry', { filter: {} });
    expect(body).toMatchObject({ retried: 0 });
    expect((await firm.request('POST', `/api/v1/failed-items/${item.id}/retry`)).status).toBe(202);
    await eventually('the sweep to be through', async () =>
      (await items(firm)).every((one) => one.status === 'resolved'),
    );
    expect(await deletedIn(firm, 'tasks')).toHaveLength(count + before.length);

    // It was a mistake: the list is back, and so are they.
    faults.clear();
    const job = await firm.sync('full');
    expect(entityOf(job, 'tasks')).toMatchObject({ status: 'succeeded', recordsUpdated: count });
    expect(await deletedIn(firm, 'tasks')).toEqual(before);
    await expectTruth(firm.bed, firm.simulator);
  });

  it('gets its row back when a record comes back under its id', async () => {
    const { store, clock } = firm.simulator;
    const [id] = store.ids('matters').slice(50, 51) as [string];
    const key = (await rowsOf(firm.bed, 'matters')).get(id)?.['id'];
    store.delete('matters', id);
    await firm.sync('full');
    expect(await deletedIn(firm, 'matters')).toEqual([id]);
    clock.advance(3_600);
    store.restore('matters', id);
    await firm.sync('incremental');
    expect((await rowsOf(firm.bed, 'matters')).get(id)).toMatchObject({ id: key, deleted_at: null });
    await expectTruth(firm.bed, firm.simulator);
  });

  it('keeps what is created, and loses what is deleted, while the list is read', async () => {
    const { store, holds } = firm.simulator;
    const hold = holds.add({ match: { path: '/contacts', method: 'GET', after: 4 } });
    const jobId = await firm.trigger('full');
    await holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
    await eventually(
      'contacts to have committed pages',
      async () => entityOf(await firm.job(jobId), 'contacts').pages >= 2,
    );
    const parent = store.ids('accounts')[5];
    const created = [1, 2, 3].map(() => store.add('contacts', {}, parent));
    const [unread] = store.ids('contacts').sort().slice(-20, -19) as [string];
    store.delete('contacts', unread);
    holds.release({ id: hold });
    const job = await firm.ended(jobId);
    expect(entityOf(job, 'contacts')).toMatchObject({ status: 'succeeded', recordsDeleted: 1 });
    expect(await deletedIn(firm, 'contacts')).toContain(unread);
    await firm.sync('full');
    const rows = await rowsOf(firm.bed, 'contacts');
    for (const id of created) expect(rows.get(id)).toMatchObject({ deleted_at: null });
    await expectTruth(firm.bed, firm.simulator);
  });

  it('loses a client with its contacts; its matters stay, with their links', async () => {
    const { store } = firm.simulator;
    const matters = store.records('matters').map(({ account_ref }) => (account_ref as { id: string } | null)?.id);
    const account = matters.find((id) => id !== undefined && store.record('accounts', id) !== undefined) ?? '';
    const mattersOf = async () =>
      [...(await rowsOf(firm.bed, 'matters')).values()].filter((row) => row['pp_account_id'] === account);
    const before = await mattersOf();
    expect(before.length).toBeGreaterThan(0);
    store.delete('accounts', account);
    await firm.sync('full');
    expect(await deletedIn(firm, 'accounts')).toEqual([account]);
    expect(await mattersOf()).toEqual(before);
    await expectTruth(firm.bed, firm.simulator);
  });

  it('keeps what it archives, where archived records are listed only if asked for', async () => {
    const { store, requests } = firm.simulator;
    firm.simulator.setQuirks({ archivedHidden: true });
    for (const id of store.ids('matters').slice(0, 30)) store.archive('matters', id);
    const before = await Promise.all(entities.map((entity) => deletedIn(firm, entity)));
    requests.reset();
    const job = await firm.sync('full');
    expect(job.status).toBe('succeeded');
    expect(requests.entries.some(({ query }) => query['status'] === 'Archived')).toBe(true);
    expect(askedById(firm, 'matters')).toBe(0);
    expect(await Promise.all(entities.map((entity) => deletedIn(firm, entity)))).toEqual(before);
    await expectTruth(firm.bed, firm.simulator);
  });
});

/** More pages than fit under a cap, as in the guide, which cuts a list off in the middle. */
describe('a firm with a cap on pages', () => {
  let firm: Firm;
  beforeAll(async () => {
    firm = await createFirm({ contacts: 2_300, matters: 0, tasks: 0, pageSize: 50 });
    await firm.startWorker();
    await firm.sync('contacts', { mode: 'full' });
    await setSettings(firm.bed, { maxPages: 25 });
  });
  afterAll(() => firm.close());

  it('loses nothing to the half that was read, and exactly what is gone to the whole', async () => {
    const { store, requests } = firm.simulator;
    const gone = store.ids('contacts').filter((_, i) => i % 21 === 3);
    // More than are asked for one by one, less than the brake holds.
    expect(gone.length).toBeGreaterThan(100);
    for (const id of gone) store.delete('contacts', id);
    requests.reset();

    const first = await firm.sync('contacts', { mode: 'full' });
    expect(entityOf(first, 'contacts')).toMatchObject({ status: 'partial', errorCode: 'PAGE_CAP_REACHED', pages: 25 });
    expect(await deletedIn(firm, 'contacts')).toEqual([]);
    const second = await firm.sync('contacts', { mode: 'full' });
    expect(entityOf(second, 'contacts')).toMatchObject({ status: 'succeeded', recordsDeleted: gone.length });
    expect(await deletedIn(firm, 'contacts')).toEqual([...gone].sort());
    expect(askedById(firm, 'contacts')).toBe(0);
    const left = [...(await rowsOf(firm.bed, 'contacts')).values()].filter((row) => row['deleted_at'] === null);
    expect(left).toHaveLength(store.counts().contacts);
  });
});
