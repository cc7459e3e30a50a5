import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFirm, entityOf, type Firm } from './firm.js';
import { expectTruth, rowsOf, type SyncedEntity } from './truth.js';

/** Each of these was lost, or never asked for, by the loop of the incremental guide that Syncline replaces. */
describe('an incremental sync brings', () => {
  let firm: Firm;

  beforeAll(async () => {
    firm = await createFirm({ contacts: 60, notes: 160 });
    await firm.startWorker();
    await firm.sync('full');
  });
  // Beyond the overlap, so that nothing comes along for being recent.
  beforeEach(() => firm.simulator.clock.advance(3600));
  afterAll(async () => {
    await firm.close();
  });

  const set = (entity: SyncedEntity, id: string, fields: Record<string, unknown>) =>
    firm.simulator.store.set(entity, id, { fields });
  const rowOf = async (entity: SyncedEntity, id: string) => (await rowsOf(firm.bed, entity)).get(id);
  const anyOf = (entity: SyncedEntity, at = 0) => firm.simulator.store.ids(entity)[at] ?? '';
  const incremental = async () => {
    const job = await firm.sync('incremental');
    expect(job.status).toBe('succeeded');
    expect([...new Set(job.entities.map(({ mode }) => mode))]).toEqual(['incremental']);
    await expectTruth(firm.bed, firm.simulator);
    return job;
  };

  it('a known task that was edited, and one that was completed, not only new ones', async () => {
    const [edited, completed] = [anyOf('tasks', 1), anyOf('tasks', 5)];
    set('tasks', completed, { status: 'NotCompleted' });
    await incremental();
    firm.simulator.clock.advance(3600);
    set('tasks', edited, { subject: 'Call again', priority: 'High' });
    firm.simulator.store.complete(completed);
    await incremental();
    expect(await rowOf('tasks', edited)).toMatchObject({ title: 'Call again', priority: 'HIGH' });
    expect(await rowOf('tasks', completed)).toMatchObject({ status: 'COMPLETED' });
  });

  it('a note and an email that were edited, the email with its body', async () => {
    const [note, email] = [anyOf('notes'), anyOf('emails')];
    set('notes', note, { note: 'Agreed after all.' });
    set('emails', email, { tags: ['filed'], body_html: '<p>As agreed</p>' });
    await incremental();
    expect(await rowOf('notes', note)).toMatchObject({ body: 'Agreed after all.' });
    expect(await rowOf('emails', email)).toMatchObject({ tags: ['filed'], body_html: '<p>As agreed</p>' });
  });

  it('a body once and for all: a full sync, which asks for no old ones, leaves it where it is', async () => {
    const email = anyOf('emails', 1);
    set('emails', email, { body_html: '<p>Kept</p>' });
    await incremental();
    const before = await rowOf('emails', email);
    expect(before).toMatchObject({ body_html: '<p>Kept</p>' });
    // Longer ago than any look-back.
    firm.simulator.clock.advance(60 * 86_400);
    firm.simulator.requests.reset();
    expect(entityOf(await firm.sync('emails', { mode: 'full' }), 'emails')).toMatchObject({ recordsUpdated: 0 });
    const bodies = firm.simulator.requests.entries.filter(({ path }) => /\/emails\/./.test(path));
    expect(bodies).toEqual([]);
    expect(await rowOf('emails', email)).toEqual(before);
  });

  it('an event that was put off to day 45, and one that was brought forward from there', async () => {
    const [off, forward] = [anyOf('events'), anyOf('events', 1)];
    const begins = (days: number) => {
      const start = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, -1);
      return { is_all_day: false, start_date_time: start, end_date_time: start };
    };
    const upcoming = async () => {
      const { rows } = await sql<{ id: string }>`select pp_event_id as id from upcoming_events`.execute(firm.bed.db);
      return rows.map(({ id }) => id);
    };
    set('events', off, begins(3));
    set('events', forward, begins(45));
    await incremental();
    expect(await upcoming()).toEqual([off]);
    firm.simulator.clock.advance(3600);
    set('events', off, begins(45));
    set('events', forward, begins(3));
    await incremental();
    expect(await upcoming()).toEqual([forward]);
  });

  it('a contact that was edited, and a time entry that was billed', async () => {
    const [contact, entry] = [anyOf('contacts', 4), anyOf('timeentries')];
    set('contacts', contact, { email: 'moved@mail.example' });
    set('timeentries', entry, { is_billed: true, hours: 7.1 });
    await incremental();
    expect(await rowOf('contacts', contact)).toMatchObject({ email: 'moved@mail.example' });
    expect(await rowOf('timeentries', entry)).toMatchObject({ is_billed: true, hours: '7.1' });
  });

  it('more than a page of changes', async () => {
    const { edited } = firm.simulator.store.mutate({ seed: 3, edits: { notes: 140 } });
    expect(edited.notes).toHaveLength(140);
    const job = await incremental();
    const { pages, recordsUpdated } = entityOf(job, 'notes');
    expect(recordsUpdated).toBe(140);
    // Two, or one more where the edits took several of the vendor's milliseconds.
    expect(pages).toBeGreaterThanOrEqual(2);
  });

  it('a custom field that got another label, although fields have no time of change', async () => {
    set('customfields', anyOf('customfields'), { label: 'Trade' });
    const job = await incremental();
    expect(entityOf(job, 'customfields')).toMatchObject({ recordsUpdated: 1 });
  });

  it('what an entity missed while syncs read others: nobody moves a watermark but their own', async () => {
    const [contact, task] = [anyOf('contacts', 9), anyOf('tasks', 9)];
    set('contacts', contact, { email: 'unseen@mail.example' });
    set('tasks', task, { subject: 'Unseen' });
    // The accounts have a new watermark now, beyond these changes by more than the overlap.
    firm.simulator.clock.advance(3600);
    const { status, entities: read } = await firm.sync('accounts', { mode: 'incremental' });
    expect({ status, read: read.map(({ entity }) => entity) }).toEqual({ status: 'succeeded', read: ['accounts'] });
    expect(await rowOf('contacts', contact)).not.toMatchObject({ email: 'unseen@mail.example' });
    firm.simulator.clock.advance(3600);
    await incremental();
    expect(await rowOf('contacts', contact)).toMatchObject({ email: 'unseen@mail.example' });
    expect(await rowOf('tasks', task)).toMatchObject({ title: 'Unseen' });
  });

  it('what an entity missed while it could not be read, and nobody else is held up by it', async () => {
    const [note, task] = [anyOf('notes', 7), anyOf('tasks', 7)];
    firm.simulator.store.mutate({ seed: 4, edits: { notes: 140 } });
    firm.simulator.clock.advance(1);
    set('notes', note, { subject: 'Missed' });
    set('tasks', task, { subject: 'Not missed' });
    // By more than the overlap.
    firm.simulator.clock.advance(3600);
    // On the second page: the first has told the time, and somebody could take it for the new watermark.
    const fault = firm.simulator.faults.add({ match: { path: '/notes', after: 1 }, action: { status: 403 } });
    const broken = await firm.sync('incremental');
    expect(firm.simulator.faults.hits(fault)).toBeGreaterThan(0);
    expect(broken.status).toBe('partial');
    const failed = broken.entities.filter(({ status }) => status !== 'succeeded').map(({ entity }) => entity);
    expect(failed).toEqual(['notes']);
    expect(await rowOf('tasks', task)).toMatchObject({ title: 'Not missed' });
    expect(await rowOf('notes', note)).not.toMatchObject({ subject: 'Missed' });

    firm.simulator.faults.clear();
    firm.simulator.clock.advance(3600);
    const job = await incremental();
    const { recordsUpdated, recordsRead } = entityOf(job, 'notes');
    expect(recordsRead).toBeGreaterThanOrEqual(140);
    expect(recordsUpdated).toBe(recordsRead - 100);
  });
});
