import { eventually, type ServiceProcess } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createFirm, entityOf, type Firm } from './firm.js';
import { expectTruth } from './truth.js';
import { countWrites, logWrites } from './write-log.js';

let firm: Firm;
let worker: ServiceProcess;
let now: number;

beforeAll(async () => {
  firm = await createFirm({ contacts: 250 }, { SYNCLINE_LOCK_SECONDS: '1' });
  worker = await firm.startWorker();
  expect((await firm.sync('full')).status).toBe('succeeded');
  await logWrites(firm.bed);
  now = firm.simulator.clock.nowMs();
});
beforeEach(async () => {
  await sql`truncate write_log`.execute(firm.bed.db);
});
afterAll(() => firm.close());

const day = 86_400_000;
const at = (moment: number) => new Date(moment).toISOString();
/** Has the oldest records of their kind be changed at that moment. */
const change = (entity: 'matters' | 'tasks' | 'accounts', count: number, moment: number) =>
  firm.simulator.store.shareTimestamp(entity, count, { at: new Date(moment) });
const states = () => firm.bed.db.selectFrom('sync_state').selectAll().orderBy('entity').execute();

/** The vendor's ids of the rows that were written since the test began. */
async function written(table: 'exchanges' | 'tasks', key: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select t.${sql.ref(key)} as id from write_log w join ${sql.table(table)} t on t.id = w.id
    where w.relation = ${table}`.execute(firm.bed.db);
  return rows.map(({ id }) => id).sort();
}

it('one matter by its id costs one request, writes one row, and moves no watermark', async () => {
  const before = await states();
  const [wanted = '', ...others] = change('matters', 3, now - day);
  expect(others).toHaveLength(2);
  firm.simulator.requests.reset();
  const job = await firm.sync('matters', { selection: { id: wanted } });
  expect(job).toMatchObject({ status: 'succeeded', mode: 'backfill', selection: { ids: [wanted] } });
  expect(job.entities).toMatchObject([{ entity: 'matters', recordsRead: 1, recordsUpdated: 1 }]);
  const asked = firm.simulator.requests.entries.map(({ path }) => path);
  expect(asked).toEqual([expect.stringContaining(`/matters/${wanted}`)]);
  expect(await written('exchanges', 'pp_matter_id')).toEqual([wanted]);
  expect(await countWrites(firm.bed)).toEqual({ rows: 1, repeated: 0 });
  expect(await states()).toEqual(before);
});

it('a span brings what changed from its first to its last moment, of every entity, and nothing else', async () => {
  const before = await states();
  const [from, to] = [now - 20 * day, now - 19 * day];
  for (const entity of ['matters', 'tasks'] as const) {
    change(entity, 2, from - 1);
    change(entity, 2, to + 1);
  }
  const matters = [...change('matters', 70, from), ...change('matters', 80, to)];
  const tasks = [...change('tasks', 3, from), ...change('tasks', 3, to)];
  const job = await firm.sync('full', { selection: { from: at(from), to: at(to) } });
  expect(job).toMatchObject({ status: 'succeeded', mode: 'backfill' });
  expect(entityOf(job, 'matters')).toMatchObject({ mode: 'backfill', recordsUpdated: 150, recordsDeleted: 0 });
  expect(await written('exchanges', 'pp_matter_id')).toEqual(matters.sort());
  expect(await written('tasks', 'pp_task_id')).toEqual(tasks.sort());
  expect(await states()).toEqual(before);
});

it('a worker killed in the middle of a span costs nothing', async () => {
  const moment = now - 10 * day;
  const matters = change('matters', 150, moment);
  const hold = firm.simulator.holds.add({ match: { path: '/matters', method: 'GET', after: 1 } });
  const jobId = await firm.trigger('matters', { selection: { from: at(moment), to: at(moment) } });
  await firm.simulator.holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
  await eventually('a page to be committed', async () => entityOf(await firm.job(jobId), 'matters').pages >= 1);
  await worker.kill('SIGKILL');
  firm.simulator.holds.release({ id: hold });
  const stopped = entityOf(await firm.job(jobId), 'matters');
  expect(stopped.status).toBe('running');
  worker = await firm.startWorker();
  const job = await firm.ended(jobId);
  expect(job.status).toBe('succeeded');
  expect(entityOf(job, 'matters').recordsUpdated).toBe(150);
  expect(await written('exchanges', 'pp_matter_id')).toEqual(matters.sort());
});

it('a span that failed is tried again as that span, and no other sync passes for it', async () => {
  const moment = now - 5 * day;
  const matters = change('matters', 2, moment);
  const selection = { from: at(moment), to: at(moment) };
  const fault = firm.simulator.faults.add({ match: { path: '/matters' }, action: { status: 403 } });
  const failed = await firm.sync('matters', { selection });
  expect(firm.simulator.faults.hits(fault)).toBeGreaterThan(0);
  expect(entityOf(failed, 'matters').status).toBe('failed');
  firm.simulator.faults.clear();

  expect((await firm.sync('incremental')).status).toBe('succeeded');
  const item = await eventually('the failed run to be dead', async () => {
    const { body } = await firm.request('GET', '/api/v1/failed-items?kind=entity_run&status=dead');
    return (body['data'] as { id: string }[])[0];
  });
  expect((await firm.request('POST', `/api/v1/failed-items/${item.id}/retry`)).status).toBe(202);
  await eventually('the item to be settled', async () => {
    const { body } = await firm.request('GET', `/api/v1/failed-items/${item.id}`);
    return body['status'] === 'resolved';
  });
  const { body } = await firm.request('GET', '/api/sync/logs?limit=1');
  const [log] = body['data'] as Record<string, unknown>[];
  expect(log).toMatchObject({ trigger: 'recovery', mode: 'backfill', details: { selection } });
  expect(await written('exchanges', 'pp_matter_id')).toEqual(matters.sort());
});

it('a span that reaches back to the beginning brings all that there is', async () => {
  await firm.sync('full', { selection: { from: '2000-01-01' } });
  await expectTruth(firm.bed, firm.simulator);
});
