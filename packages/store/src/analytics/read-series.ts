import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { type AnalyticsWindow, inWindow, partOf } from './window.js';

/** What an entity's runs of one part of the window came to. */
export interface ThroughputPoint {
  readonly at: Date;
  readonly connector: string;
  readonly entity: string;
  readonly runs: number;
  readonly read: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly deleted: number;
  /** Seconds that the runs took that have ended. */
  readonly seconds: number;
}

/** Records by entity: parts without a run are left out. */
export async function readThroughput(
  db: Db,
  organizationId: string,
  window: AnalyticsWindow,
): Promise<ThroughputPoint[]> {
  const { rows } = await sql<ThroughputPoint>`
    select ${partOf(window)} as at, c.connector, p.entity, count(*) as runs,
      sum(p.records_read)::bigint as read, sum(p.records_created)::bigint as created,
      sum(p.records_updated)::bigint as updated, sum(p.records_unchanged)::bigint as unchanged,
      sum(p.records_failed)::bigint as failed, sum(p.records_deleted)::bigint as deleted,
      coalesce(sum(extract(epoch from p.ended_at - p.started_at)), 0)::float8 as seconds
    from sync_jobs j
    join connections c on c.id = j.connection_id
    join sync_progress p on p.sync_job_id = j.id
    where ${inWindow(organizationId, window)}
    group by 1, 2, 3 order by 2, 3, 1`.execute(db);
  return rows;
}

/** How the syncs of one part of the window ended, and how long they took. */
export interface OutcomePoint {
  readonly at: Date;
  readonly connector: string;
  readonly syncs: number;
  readonly succeeded: number;
  readonly partial: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Of those that ended by themselves, in seconds; null when none has. */
  readonly averageSeconds: number | null;
  readonly p50Seconds: number | null;
  readonly p95Seconds: number | null;
  readonly longestSeconds: number | null;
}

/** Syncs by connector: parts without one are left out. */
export async function readOutcomes(db: Db, organizationId: string, window: AnalyticsWindow): Promise<OutcomePoint[]> {
  const seconds = sql`extract(epoch from j.ended_at - j.started_at)::float8`;
  const whole = sql`j.status in ('succeeded', 'partial', 'failed')`;
  const quantile = (share: number) =>
    sql`percentile_cont(${sql.lit(share)}) within group (order by ${seconds}) filter (where ${whole})`;
  const { rows } = await sql<OutcomePoint>`
    select ${partOf(window)} as at, c.connector, count(*) as syncs,
      count(*) filter (where j.status = 'succeeded') as succeeded,
      count(*) filter (where j.status = 'partial') as partial,
      count(*) filter (where j.status = 'failed') as failed,
      count(*) filter (where j.status = 'cancelled') as cancelled,
      avg(${seconds}) filter (where ${whole}) as "averageSeconds", ${quantile(0.5)} as "p50Seconds",
      ${quantile(0.95)} as "p95Seconds", max(${seconds}) filter (where ${whole}) as "longestSeconds"
    from sync_jobs j
    join connections c on c.id = j.connection_id
    where ${inWindow(organizationId, window)}
    group by 1, 2 order by 2, 1`.execute(db);
  return rows;
}

/** A way in which entity runs failed, in one part of the window. */
export interface FailurePoint {
  readonly at: Date;
  readonly connector: string;
  readonly entity: string;
  readonly errorCode: string;
  readonly runs: number;
  /** The last job that it happened to. */
  readonly lastJobId: string;
  readonly lastAt: Date;
}

/** Runs that were not whole, by code and entity. One that was cancelled has not failed. */
export async function readFailures(db: Db, organizationId: string, window: AnalyticsWindow): Promise<FailurePoint[]> {
  const { rows } = await sql<FailurePoint>`
    select ${partOf(window)} as at, c.connector, p.entity, p.error_code as "errorCode", count(*) as runs,
      (array_agg(j.id order by j.created_at desc))[1] as "lastJobId", max(coalesce(p.ended_at, j.created_at)) as "lastAt"
    from sync_jobs j
    join connections c on c.id = j.connection_id
    join sync_progress p on p.sync_job_id = j.id
    where ${inWindow(organizationId, window)} and p.status in ('failed', 'partial', 'skipped')
      and p.error_code is not null
    group by 1, 2, 3, 4 order by 2, 3, 4, 1`.execute(db);
  return rows;
}
