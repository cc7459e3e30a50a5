import { countJobs, createJob, listSyncLogs, readJobStatistics, readRunStatistics } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plansOf } from './query-plans.js';
import { createScene, jobOver, type Scene } from './scene.js';

let bed: TestBed;
let scene: Scene;
let organizationId: string;

/** A firm whose job is the scene's, beside another one with a long history. */
const manyJobs = 20_000;
beforeAll(async () => {
  bed = await createTestBed();
  const crowd = await createScene(bed);
  scene = await createScene(bed);
  organizationId = scene.connection.organizationId;
  const { organizationId: theirs, id } = crowd.connection;
  await sql`
    with jobs as (
      insert into sync_jobs (organization_id, connection_id, sync_type, mode, trigger, status, created_at, started_at, ended_at)
      select ${theirs}, ${id}, 'full', 'full', 'schedule', 'succeeded', at, at, at + interval '1 minute'
      from generate_series(1, ${manyJobs}) i, lateral (select now() - make_interval(mins => i * 2) as at) t
      returning id)
    insert into sync_progress (sync_job_id, entity, organization_id, connection_id, position, status, mode, records_read,
      records_created)
    select id, 'contacts', ${theirs}, ${crowd.connection.id}, 0, 'succeeded', 'full', 1, 1 from jobs`.execute(bed.db);
  await sql`analyze sync_jobs, sync_progress`.execute(bed.db);
});
afterAll(() => bed.close());

const page = { limit: 20, offset: 0 };
const setRun = (entity: string, change: Record<string, unknown>) =>
  bed.db
    .updateTable('sync_progress')
    .set(change)
    .where('sync_job_id', '=', scene.jobId)
    .where('entity', '=', entity)
    .execute();
const logNow = async () => {
  const [log, ...others] = await listSyncLogs(bed.db, organizationId, { id: scene.jobId }, page);
  expect(others).toEqual([]);
  if (log === undefined) throw new Error('the job has no log');
  return log;
};

describe('the view sync_logs', () => {
  it("has the guide's columns, by their names and in their order, before ours", async () => {
    const { rows } = await sql<{ name: string; type: string }>`
      select column_name as name, data_type as type from information_schema.columns
      where table_name = 'sync_logs' order by ordinal_position limit 11`.execute(bed.db);
    expect(Object.fromEntries(rows.map(({ name, type }) => [name, type]))).toEqual({
      ...{ id: 'uuid', sync_type: 'text', status: 'text' },
      ...{ started_at: 'timestamp with time zone', completed_at: 'timestamp with time zone' },
      ...{ records_processed: 'bigint', records_created: 'bigint', records_updated: 'bigint' },
      ...{ error_message: 'text', details: 'jsonb', triggered_by: 'text' },
    });
  });

  it('counts a sync that waits from when it was asked for: started_at is never null', async () => {
    const log = await logNow();
    expect(log).toMatchObject({ status: 'running', phase: 'queued', completed_at: null, records_processed: 0 });
    expect(log.started_at).toEqual(log.created_at);
    await scene.claim('accounts');
    const running = await logNow();
    expect(running).toMatchObject({ status: 'running', phase: 'running' });
    expect(running.started_at.getTime()).toBeGreaterThan(log.started_at.getTime());
  });

  it('adds up the entity runs, and has each in the details', async () => {
    await setRun('accounts', { status: 'succeeded', records_read: 9, records_created: 4, records_unchanged: 5 });
    await setRun('contacts', {
      ...{ status: 'running', mode_reason: 'no watermark yet', waiting_for: 'budget', records_deleted: 3 },
      ...{ waiting_until: new Date('2026-01-31T10:00:00.250Z'), records_expected: 8 },
      ...{ records_read: 5, records_updated: 3, records_failed: 2 },
    });
    const log = await logNow();
    expect(log).toMatchObject({
      ...{ records_processed: 14, records_created: 4, records_updated: 3 },
      ...{ records_unchanged: 5, records_failed: 2, records_deleted: 3 },
    });
    expect(log.details.entities).toMatchObject([
      { entity: 'accounts', status: 'success', percent: 100, records_processed: 9, waiting_until: null },
      {
        ...{ entity: 'contacts', status: 'running', percent: 62, mode: 'full', mode_reason: 'no watermark yet' },
        ...{ waiting_for: 'budget', waiting_until: '2026-01-31T10:00:00.250Z', records_updated: 3 },
      },
      { entity: 'matters', status: 'pending', percent: null },
      { entity: 'tasks', status: 'pending', percent: null },
    ]);
  });

  // The same as in apps/api/src/routes/entity-percent.test.ts, which is the other place that knows.
  it.each([
    ['running', 50, null, null],
    ['pending', 0, 0, null],
    ['running', 0, 100, 0],
    ['running', 1000, 1000, 99],
    ['failed', 5000, 1000, 99],
    ['partial', 5000, 1000, 100],
    ['partial', 500, 1000, 50],
    ['succeeded', 3, 1000, 100],
  ])('%s with %s of %s read is at %s', async (status, records_read, records_expected, expected) => {
    await setRun('tasks', { status, records_read, records_unchanged: records_read, records_expected });
    expect((await logNow()).details.entities.at(-1)?.percent).toBe(expected);
  });

  it.each([
    ['succeeded', 'success'],
    ['partial', 'partial'],
    ['failed', 'error'],
    ['cancelled', 'cancelled'],
  ] as const)('calls %s %s', async (status, word) => {
    const ended = { status, ended_at: new Date(), error_code: 'JOB_STALE', error_message: 'tired' };
    await bed.db.updateTable('sync_jobs').set(ended).where('id', '=', scene.jobId).execute();
    expect(await logNow()).toMatchObject({
      ...{ status: word, phase: 'ended', completed_at: ended.ended_at },
      ...{ error_code: 'JOB_STALE', error_message: 'tired' },
    });
  });

  it('shows an organization its own', async () => {
    expect(await listSyncLogs(bed.db, organizationId, {}, page)).toHaveLength(1);
    expect(await countJobs(bed.db, organizationId, {}, 10)).toBe(1);
  });
});

describe('a long history', () => {
  const theirs = async () =>
    (
      await bed.db
        .selectFrom('sync_jobs')
        .select('organization_id')
        .where('organization_id', '<>', organizationId)
        .executeTakeFirstOrThrow()
    ).organization_id;

  it.each([0, 1_000])('is paged by its index, and only the page is added up (offset %i)', async (offset) => {
    const organization = await theirs();
    const [ids, rows] = await plansOf(bed.databaseUrl, async (db) =>
      expect(await listSyncLogs(db, organization, {}, { limit: 20, offset })).toHaveLength(20),
    );
    expect(ids).toContain('sync_jobs_history');
    expect(ids).not.toMatch(/Seq Scan|sync_progress/);
    expect(rows).toContain('sync_progress_pkey');
    expect(rows).not.toContain('Seq Scan');
  });

  it('is counted as far as anybody wants to know', async () => {
    const organization = await theirs();
    expect(await countJobs(bed.db, organization, {}, 1_000)).toBe(1_000);
    expect(await countJobs(bed.db, organization, {}, 1_000_000)).toBe(manyJobs + 1);
  });
});

describe('statistics', () => {
  const of = async (days = 30, connectionId?: string) => {
    const scope = { days, connectionId };
    const jobs = await readJobStatistics(bed.db, organizationId, scope);
    return { jobs, runs: await readRunStatistics(bed.db, organizationId, scope) };
  };
  const total = <T extends { day: string | null }>(rows: readonly T[]) => rows.find(({ day }) => day === null);

  it('count by status, day and entity, in UTC; durations are of what came to an end by itself', async () => {
    await sql`delete from sync_jobs where organization_id = ${organizationId}`.execute(bed.db);
    const today = sql`date_trunc('day', now() at time zone 'UTC') at time zone 'UTC'`;
    const add = async (status: string, daysAgo: number, seconds: number | null, read = 0) => {
      const id = await createJob(bed.db, scene.connection, jobOver(['accounts', 'contacts']));
      // The first and the last second of a day in UTC: in any other zone half of them are on another one.
      const second = String(seconds ?? 0).endsWith('1') ? '1 second' : '86399 seconds';
      await sql`update sync_jobs set status = ${status}, started_at = ${today},
        ended_at = ${today} + make_interval(secs => ${seconds}),
        created_at = ${today} - make_interval(days => ${daysAgo}) + ${second}::interval where id = ${id}`.execute(
        bed.db,
      );
      await sql`update sync_progress set status = case when ${status} = 'running' then 'running' else ${status} end,
        records_read = ${read}, records_created = ${read} where sync_job_id = ${id} and entity = 'contacts'`.execute(
        bed.db,
      );
    };
    for (let i = 1; i <= 20; i += 1) await add('succeeded', 2, i, 10);
    await add('partial', 0, 21, 5);
    await add('failed', 29, 1_000, 1);
    await add('failed', 30, 5_000, 100);
    await add('cancelled', 0, 9_000);
    await add('running', 0, null, 2);

    const { jobs, runs } = await of();
    const all = total(jobs);
    expect(all).toMatchObject({ runs: 24, success: 20, partial: 1, error: 1, cancelled: 1, running: 1 });
    expect(all?.avgSeconds).toBeCloseTo((231 + 1_000) / 22, 6);
    // 22 of them: the 95th percentile lies at 19.95, between 20 and 21.
    expect(all?.p95Seconds).toBeCloseTo(20.95, 6);
    const byDay = jobs
      .filter(({ day }) => day !== null)
      .map(({ day, runs: count }) => [Date.parse(String(day)), count]);
    const midnight = Date.parse(String(all?.today));
    expect(byDay).toEqual([
      [midnight - 29 * 86_400_000, 1],
      [midnight - 2 * 86_400_000, 20],
      [midnight, 3],
    ]);
    expect(runs.find(({ entity }) => entity === 'contacts')).toMatchObject({
      ...{ runs: 24, success: 20, partial: 1, error: 1, cancelled: 1, skipped: 0 },
      ...{ processed: 208, created: 208, updated: 0, unchanged: 0, failed: 0, deleted: 0 },
    });
    expect(runs.filter(({ entity }) => entity !== null).map(({ entity }) => entity)).toEqual(['accounts', 'contacts']);
    expect(runs.find(({ entity, day }) => entity === null && day === null)).toMatchObject({ processed: 208, runs: 48 });

    expect(total((await of(1)).jobs)).toMatchObject({ runs: 3 });
    expect(total((await of(31)).jobs)).toMatchObject({ runs: 25, error: 2 });
    expect(total((await of(30, scene.connection.id)).jobs)).toMatchObject({ runs: 24 });
    expect(total((await of(30, organizationId)).jobs)).toMatchObject({ runs: 0, avgSeconds: null, p95Seconds: null });
  });

  it('of one firm do not read what others have', async () => {
    for (const scope of [{ days: 30 }, { days: 30, connectionId: scene.connection.id }]) {
      const plans = await plansOf(bed.databaseUrl, async (db) => {
        await readJobStatistics(db, organizationId, scope);
        await readRunStatistics(db, organizationId, scope);
      });
      expect(plans).toHaveLength(2);
      for (const plan of plans) {
        expect(plan).toMatch(/sync_jobs_(history|by_connection)/);
        expect(plan).not.toContain('Seq Scan');
      }
      expect(plans[1]).toContain('sync_progress_pkey');
    }
  });
});
