import {
  type AnalyticsWindow,
  beginOf,
  partsOf,
  readFailures,
  readFreshness,
  readFreshnessAt,
  readOutcomes,
  readThroughput,
} from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plansOf } from './query-plans.js';
import { createScene } from './scene.js';

type Row = Record<string, unknown>;

/** Every hour for so many days; each tenth sync fails, each twentieth after that lacks a record. */
const days = 40;
const daysAgo = (count: number) => new Date(Date.UTC(2026, 5, 30) - count * 86_400_000);

let bed: TestBed;
let ours: { organizationId: string; id: string };
let crowd: { organizationId: string; id: string };

/** `jobs` syncs an hour apart, the last one before the first of July 2026, UTC; each took a minute and read 100. */
async function history({ organizationId, id }: typeof ours, jobs: number): Promise<void> {
  await sql`
    with jobs as (
      insert into sync_jobs (organization_id, connection_id, sync_type, mode, trigger, status, created_at, started_at, ended_at)
      select ${organizationId}::uuid, ${id}::uuid, 'incremental', 'incremental', 'schedule',
        case when i % 10 = 0 then 'failed' when i % 20 = 1 then 'partial' else 'succeeded' end, at, at, at + interval '1 minute'
      from generate_series(1, ${jobs}) i,
        lateral (select timestamptz '2026-07-01T00:00:00Z' - make_interval(hours => i) as at) t
      returning id, status, created_at)
    insert into sync_progress (sync_job_id, entity, organization_id, connection_id, position, status, mode, error_code,
      all_pages_read, upper_bound, records_read, records_created, records_failed, started_at, ended_at)
    select id, 'contacts', ${organizationId}::uuid, ${id}::uuid, 0, status, 'incremental',
      case status when 'failed' then 'UPSTREAM_TIMEOUT' end, status <> 'failed',
      case when status <> 'failed' then created_at end, 100, case status when 'partial' then 99 else 100 end,
      case status when 'partial' then 1 else 0 end, created_at, created_at + interval '1 minute'
    from jobs`.execute(bed.db);
}

/** Failed items that were resolved an hour apart, and what schedules did at the same times. */
async function leftovers({ organizationId, id }: typeof ours, count: number): Promise<void> {
  await sql`
    with schedule as (
      insert into sync_schedules (organization_id, connection_id, name, mode, entities, interval_seconds, next_due_at)
      values (${organizationId}, ${id}, 'old', 'incremental', '{}', 3600, now()) returning id),
    times as (select i, timestamptz '2026-07-01T00:00:00Z' - make_interval(hours => i) as at from generate_series(1, ${count}) i),
    items as (
      insert into sync_failed_items (organization_id, connection_id, entity, kind, vendor_id, error_code, message, status,
        created_at, updated_at, resolved_at)
      select ${organizationId}, ${id}, 'contacts', 'record', 'v' || i, 'RECORD_INVALID', 'unfit', 'resolved', at, at, at from times)
    insert into sync_schedule_runs (schedule_id, organization_id, due_at, created_at, outcome)
    select schedule.id, ${organizationId}, at, at, 'started' from times, schedule`.execute(bed.db);
}

beforeAll(async () => {
  bed = await createTestBed();
  const [one, other] = [await createScene(bed), await createScene(bed)];
  ours = one.connection;
  crowd = other.connection;
  await sql`delete from sync_jobs`.execute(bed.db);
  await history(ours, days * 24);
  await history(crowd, 20_000);
  await leftovers(ours, days * 24);
  await leftovers(crowd, 20_000);
  await sql`analyze`.execute(bed.db);
});
afterAll(() => bed.close());

const window = (over: Partial<AnalyticsWindow> = {}): AnalyticsWindow => ({
  ...{ from: daysAgo(9), to: daysAgo(-1), bucket: 'day' },
  ...over,
});
const rowsOf = async (call: string): Promise<Row[]> => (await sql.raw<Row>(call).execute(bed.db)).rows;

describe('a window', () => {
  it('has a part for each day, hour or week, in UTC, weeks from Monday', () => {
    expect(partsOf(window())).toHaveLength(10);
    expect(partsOf(window({ bucket: 'hour' }))).toHaveLength(240);
    expect(partsOf(window({ bucket: 'week' })).map((at) => at.getUTCDay())).toEqual([1, 1, 1]);
    expect(beginOf('week', new Date('2026-06-28T23:59:59Z'))).toEqual(new Date('2026-06-22T00:00:00Z'));
  });

  it.each(['hour', 'day', 'week'] as const)('is cut by Postgres as it is here: by the %s', async (bucket) => {
    const points = await readThroughput(bed.db, ours.organizationId, window({ bucket }));
    const parts = partsOf(window({ bucket })).map((at) => at.getTime());
    expect(points.map(({ at }) => at.getTime()).filter((at) => !parts.includes(at))).toEqual([]);
    expect(points.reduce((sum, { runs }) => sum + runs, 0)).toBe(240);
  });
});

describe('the series of an organization', () => {
  it('add up to its syncs, and to nobody else’s', async () => {
    const [first, ...others] = await readThroughput(bed.db, ours.organizationId, window());
    expect(others).toHaveLength(9);
    expect(first).toMatchObject({
      connector: 'practicepanther',
      entity: 'contacts',
      runs: 24,
      read: 2400,
      seconds: 1440,
    });
    const outcomes = await readOutcomes(bed.db, ours.organizationId, window());
    const sum = (key: 'succeeded' | 'partial' | 'failed') => outcomes.reduce((all, one) => all + one[key], 0);
    expect([sum('succeeded'), sum('partial'), sum('failed')]).toEqual([204, 12, 24]);
    expect(outcomes[0]).toMatchObject({
      syncs: 24,
      averageSeconds: 60,
      p50Seconds: 60,
      p95Seconds: 60,
      longestSeconds: 60,
    });
    const failures = await readFailures(bed.db, ours.organizationId, window());
    expect(new Set(failures.map(({ errorCode }) => errorCode))).toEqual(new Set(['UPSTREAM_TIMEOUT']));
    expect(failures.reduce((all, { runs }) => all + runs, 0)).toBe(24);
  });

  it('are of one connection where one is named', async () => {
    expect(await readThroughput(bed.db, ours.organizationId, window({ connectionId: crowd.id }))).toEqual([]);
    expect(await readThroughput(bed.db, ours.organizationId, window({ connectionId: ours.id }))).toHaveLength(10);
  });
});

describe('freshness', () => {
  const contacts = { connector: 'practicepanther', entity: 'contacts', broughtBy: ['contacts'] };

  it('of the past goes by the last run before it that had read every page; failed ones and backfills do not count', async () => {
    const at = (time: string) => new Date(`2026-06-30T${time}Z`);
    // At 14:00 the sync failed (the tenth from the end): the one of 13:00 counts.
    const moments = [at('12:30:00'), at('14:30:00'), at('15:00:30'), at('15:30:00')];
    const read = () => readFreshnessAt(bed.db, ours.organizationId, [contacts], moments, ours.id);
    const ages = async () => (await read()).map(({ ageSeconds }) => ageSeconds);
    expect(await ages()).toEqual([1_800, 5_400, 7_230, 1_800]);
    await sql`update sync_progress p set mode = 'backfill' from sync_jobs j where j.id = p.sync_job_id
      and j.connection_id = ${ours.id} and j.created_at = '2026-06-30T15:00:00Z'`.execute(bed.db);
    expect((await ages())[3]).toBe(9_000);
    const before = await readFreshnessAt(bed.db, ours.organizationId, [contacts], [daysAgo(50)], ours.id);
    expect(before).toMatchObject([{ ageSeconds: null }]);
  });

  it('of now has the target that alerts go by', async () => {
    await sql`insert into sync_state (connection_id, entity, organization_id, watermark)
      values (${ours.id}, 'contacts', ${ours.organizationId}, now() - interval '3 hours')
      on conflict (connection_id, entity) do update set watermark = excluded.watermark`.execute(bed.db);
    await sql`insert into sync_schedules (organization_id, connection_id, name, mode, entities, interval_seconds, next_due_at)
      values (${ours.organizationId}, ${ours.id}, 'hourly', 'incremental', '{}', 3600, now())`.execute(bed.db);
    const fresh = await readFreshness(bed.db, ours.organizationId, [contacts], []);
    expect(fresh).toMatchObject([{ connectionId: ours.id, entity: 'contacts', targetSeconds: 7_200 }]);
    expect(Math.round((fresh[0]?.ageSeconds ?? 0) / 60)).toBe(180);
  });
});

describe('get_sync_stats', () => {
  it('has a row for each connection and type, of one organization or of all', async () => {
    const since = Math.ceil((Date.now() - daysAgo(9).getTime()) / 86_400_000);
    const [row, ...others] = await rowsOf(`select * from get_sync_stats(${since}, '${ours.organizationId}')`);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ connection_id: ours.id, connector: 'practicepanther', sync_type: 'incremental' });
    const { total_syncs: total, succeeded, partial, failed } = row as Record<string, number>;
    expect(Number(succeeded) + Number(partial) + Number(failed)).toBe(total);
    expect(row).toMatchObject({ avg_seconds: 60, p95_seconds: 60, records_processed: 100 * Number(total) });
    expect(Number(row?.['success_rate'])).toBeCloseTo(Number(succeeded) / Number(total), 3);
    expect(await rowsOf(`select * from get_sync_stats(${since})`)).toHaveLength(2);
  });

  it.each(['get_sync_stats', 'get_sync_performance_trends'])('%s refuses what is no number of days', async (name) => {
    await expect(rowsOf(`select * from ${name}(0)`)).rejects.toMatchObject({ code: '22023' });
    await expect(rowsOf(`select * from ${name}(null)`)).rejects.toMatchObject({ code: '22023' });
  });
});

describe('get_sync_performance_trends', () => {
  it('has a row for each day, compared with the week before', async () => {
    const since = Math.ceil((Date.now() - daysAgo(9).getTime()) / 86_400_000);
    const rows = await rowsOf(
      `select *, day::text as date from get_sync_performance_trends(${since}, '${ours.organizationId}')`,
    );
    expect(rows[0]).toMatchObject({ date: '2026-06-30', total_syncs: 24, records_processed: 2400, vs_week_before: 1 });
    expect(Number(rows[0]?.['records_per_second'])).toBeCloseTo(2400 / 1440, 5);
    await sql`update sync_jobs set ended_at = started_at + interval '2 minutes'
      where connection_id = ${ours.id} and created_at >= '2026-06-30T00:00:00Z'`.execute(bed.db);
    const [slow] = await rowsOf(`select * from get_sync_performance_trends(${since}, '${ours.organizationId}')`);
    expect(slow).toMatchObject({ vs_week_before: 2 });
  });
});

describe('with a long history of others', () => {
  it('the numbers of one organization are read by indexes', async () => {
    const short = window({ from: daysAgo(3) });
    const { organizationId: of } = ours;
    const contacts = { connector: 'practicepanther', entity: 'contacts', broughtBy: ['contacts'] };
    const plans = await plansOf(bed.databaseUrl, async (db) => {
      await readThroughput(db, of, short);
      await readOutcomes(db, of, short);
      await readFailures(db, of, short);
      await readFreshnessAt(db, of, [contacts], [daysAgo(1)], undefined);
    });
    for (const plan of plans) {
      expect(plan).not.toMatch(/Seq Scan on sync_(jobs|progress)/);
      expect(plan).toMatch(/sync_jobs_history|sync_progress_whole/);
    }
  });

  // Plans of functions are made anew for each call until Postgres believes that one will do for all: after the fifth.
  it.each([
    ['get_sync_stats', (id: string, since: number) => `get_sync_stats(${since}, '${id}')`],
    ['get_sync_performance_trends', (id: string, since: number) => `get_sync_performance_trends(${since}, '${id}')`],
    ['get_failed_items_summary', (id: string) => `get_failed_items_summary('${id}')`],
    [
      'cleanup_old_sync_data',
      (id: string, days: number) => `cleanup_old_sync_data(30, '${id}', ${days > 1_000 ? 1_000 : 20})`,
    ],
  ])('%s reads the rows of its organization and nobody else’s, also after others have asked', async (_, call) => {
    const since = Math.ceil((Date.now() - daysAgo(3).getTime()) / 86_400_000);
    // What the session has read before is still in these counters.
    const reads = async (trx: typeof bed.db) => {
      const { rows } = await sql<Row>`
        select coalesce(sum(seq_scan), 0)::int as whole, coalesce(sum(idx_tup_fetch), 0)::int as fetched
        from pg_stat_xact_user_tables
        where relname in ('sync_jobs', 'sync_progress', 'sync_failed_items', 'sync_schedule_runs')`.execute(trx);
      return { whole: Number(rows[0]?.['whole']), fetched: Number(rows[0]?.['fetched']) };
    };
    const ask = (trx: typeof bed.db, { organizationId }: typeof ours, days = since) =>
      sql.raw(`select * from ${call(organizationId, days)}`).execute(trx);
    const undone = new Error('everything is as it was');
    const trial = bed.db.transaction().execute(async (trx) => {
      await sql`discard plans`.execute(trx);
      for (let turn = 1; turn <= 6; turn += 1) await ask(trx, crowd, 2_000);
      const before = await reads(trx);
      const { rows } = await ask(trx, ours);
      const after = await reads(trx);
      expect(rows).not.toEqual([]);
      expect(after.whole).toBe(before.whole);
      expect(after.fetched - before.fetched).toBeLessThan(1_100);
      throw undone;
    });
    await expect(trial).rejects.toBe(undone);
  });

  it('failed items are counted without being read', async () => {
    // As autovacuum would, after what the tests before have deleted and brought back: only an index of pages that everybody
    // sees can say by itself which rows are there.
    await sql`vacuum analyze sync_failed_items`.execute(bed.db);
    const [plan] = await plansOf(bed.databaseUrl, (db) =>
      sql`select * from get_failed_items_summary(${ours.organizationId})`.execute(db),
    );
    expect(plan).toMatch(/Index Only Scan using sync_failed_items_in_numbers/);
    expect(plan).toMatch(/Index Cond: \(organization_id = /);
  });
});
