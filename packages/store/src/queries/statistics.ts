import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../open-database.js';

/** Which syncs are counted. */
export interface StatisticsScope {
  readonly connectionId?: string | undefined;
  /** Calendar days in UTC, today included. */
  readonly days: number;
}

interface StatusCounts {
  readonly runs: number;
  readonly success: number;
  readonly partial: number;
  readonly error: number;
  readonly cancelled: number;
}

/** Syncs of one day (`2026-01-31`), or of all days (null), by when they were asked for. */
export interface JobStatistics extends StatusCounts {
  readonly day: string | null;
  readonly running: number;
  /** Of those that came to an end by themselves, from start to end, in seconds; null when none has. */
  readonly avgSeconds: number | null;
  readonly p95Seconds: number | null;
  /** The last day that is counted. */
  readonly today: string;
}

/** Entity runs of these syncs: of one entity, of one day, or (both null) of all. */
export interface RunStatistics extends StatusCounts {
  readonly entity: string | null;
  readonly day: string | null;
  readonly skipped: number;
  readonly processed: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly deleted: number;
}

const day = sql`(j.created_at at time zone 'UTC')::date`;

/** The syncs in numbers: a row for each day that has any, and one for all of them, which is always there. */
export async function readJobStatistics(
  db: Db,
  organizationId: string,
  scope: StatisticsScope,
): Promise<JobStatistics[]> {
  const seconds = sql`extract(epoch from j.ended_at - j.started_at)::float8`;
  const whole = sql`j.status in ('succeeded', 'partial', 'failed')`;
  const { rows } = await sql<JobStatistics>`
    select ${day}::text as day, count(*) as runs,
      count(*) filter (where j.status = 'succeeded') as success,
      count(*) filter (where j.status = 'partial') as partial,
      count(*) filter (where j.status = 'failed') as error,
      count(*) filter (where j.status = 'cancelled') as cancelled,
      count(*) filter (where j.status in ('queued', 'running')) as running,
      avg(${seconds}) filter (where ${whole}) as "avgSeconds",
      percentile_cont(0.95) within group (order by ${seconds}) filter (where ${whole}) as "p95Seconds",
      (now() at time zone 'UTC')::date::text as today
    from sync_jobs j
    where ${ofScope(organizationId, scope)}
    group by grouping sets ((${day}), ())
    order by 1`.execute(db);
  return rows;
}

/** Their entity runs and records: a row for each entity in the order of the syncs, for each day, and one for all. */
export async function readRunStatistics(
  db: Db,
  organizationId: string,
  scope: StatisticsScope,
): Promise<RunStatistics[]> {
  const { rows } = await sql<RunStatistics>`
    select p.entity, ${day}::text as day, count(p.entity) as runs,
      count(*) filter (where p.status = 'succeeded') as success,
      count(*) filter (where p.status = 'partial') as partial,
      count(*) filter (where p.status = 'failed') as error,
      count(*) filter (where p.status = 'cancelled') as cancelled,
      count(*) filter (where p.status = 'skipped') as skipped,
      coalesce(sum(p.records_read), 0)::bigint as processed,
      coalesce(sum(p.records_created), 0)::bigint as created,
      coalesce(sum(p.records_updated), 0)::bigint as updated,
      coalesce(sum(p.records_unchanged), 0)::bigint as unchanged,
      coalesce(sum(p.records_failed), 0)::bigint as failed,
      coalesce(sum(p.records_deleted), 0)::bigint as deleted
    from sync_jobs j
    join sync_progress p on p.sync_job_id = j.id
    where ${ofScope(organizationId, scope)}
    group by grouping sets ((p.entity), (${day}), ())
    order by min(p.position), p.entity, 2`.execute(db);
  return rows;
}

function ofScope(organizationId: string, { connectionId, days }: StatisticsScope): RawBuilder<unknown> {
  const since = sql`(date_trunc('day', now() at time zone 'UTC') - make_interval(days => ${days - 1})) at time zone 'UTC'`;
  const ofOrganization = sql`j.organization_id = ${organizationId} and j.created_at >= ${since}`;
  return connectionId === undefined ? ofOrganization : sql`${ofOrganization} and j.connection_id = ${connectionId}`;
}
