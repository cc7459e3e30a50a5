import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { type JobFilter, type JobView, matchingJobs } from '../queries/job-views.js';

/** A job with the sums of its entity runs. */
export interface JobSummary extends Omit<JobView, 'entities'> {
  readonly connector: string;
  readonly connectionName: string;
  readonly recordsRead: number;
  readonly recordsCreated: number;
  readonly recordsUpdated: number;
  readonly recordsFailed: number;
  readonly recordsDeleted: number;
  /** Until now, of one that runs; null before it has begun. */
  readonly durationSeconds: number | null;
  readonly place: JobPlace;
}

/** Where a page of jobs ended: when the last one was made, in microseconds since 1970, as jobs of one moment are told apart. */
export interface JobPlace {
  readonly micros: string;
  readonly id: string;
}

/** An organization's jobs behind a place, newest first; at most `limit`. The runs of these are read and of no others. */
export async function listJobSummaries(
  db: Db,
  organizationId: string,
  filter: JobFilter & { readonly after?: JobPlace | undefined },
  limit: number,
): Promise<JobSummary[]> {
  const rows = await jobSummaries(db, organizationId, filter, limit).execute();
  return rows.map(({ micros, ...job }) => ({ ...job, place: { micros, id: job.id } }));
}

interface JobSummaryQuery {
  execute(): Promise<(Omit<JobSummary, 'place'> & { readonly micros: string })[]>;
  explain(): Promise<Record<string, unknown>[]>;
}

/** The statement by itself, for whoever looks at its plan. */
export function jobSummaries(
  db: Db,
  organizationId: string,
  { after, ...filter }: JobFilter & { readonly after?: JobPlace | undefined },
  limit: number,
): JobSummaryQuery {
  let page = matchingJobs(db, organizationId, filter);
  if (after !== undefined) {
    const at = sql`'epoch'::timestamptz + ${after.micros}::bigint * interval '1 microsecond'`;
    page = page.where(sql<boolean>`(created_at, id) < (${at}, ${after.id}::uuid)`);
  }
  return db
    .with('page', () => page.selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit))
    .selectFrom('page as j')
    .innerJoin('connections as c', 'c.id', 'j.connection_id')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('sync_progress as p')
          .select(({ fn }) => [
            fn.coalesce(fn.sum<number>('p.records_read'), sql.lit(0)).as('recordsRead'),
            fn.coalesce(fn.sum<number>('p.records_created'), sql.lit(0)).as('recordsCreated'),
            fn.coalesce(fn.sum<number>('p.records_updated'), sql.lit(0)).as('recordsUpdated'),
            fn.coalesce(fn.sum<number>('p.records_failed'), sql.lit(0)).as('recordsFailed'),
            fn.coalesce(fn.sum<number>('p.records_deleted'), sql.lit(0)).as('recordsDeleted'),
          ])
          .whereRef('p.sync_job_id', '=', 'j.id')
          .as('r'),
      (join) => join.onTrue(),
    )
    .select([
      'j.id',
      'j.connection_id as connectionId',
      'j.sync_type as syncType',
      'j.mode',
      'j.selection',
      'j.trigger',
    ])
    .select([
      'j.triggered_by as triggeredBy',
      'j.status',
      'j.error_code as errorCode',
      'j.error_message as errorMessage',
    ])
    .select(['j.created_at as createdAt', 'j.started_at as startedAt', 'j.ended_at as endedAt'])
    .select(['c.connector', 'c.name as connectionName'])
    .select([
      sql<number>`r."recordsRead"::bigint`.as('recordsRead'),
      sql<number>`r."recordsCreated"::bigint`.as('recordsCreated'),
      sql<number>`r."recordsUpdated"::bigint`.as('recordsUpdated'),
      sql<number>`r."recordsFailed"::bigint`.as('recordsFailed'),
      sql<number>`r."recordsDeleted"::bigint`.as('recordsDeleted'),
      sql<number | null>`extract(epoch from coalesce(j.ended_at, now()) - j.started_at)::float8`.as('durationSeconds'),
      sql<string>`(extract(epoch from j.created_at) * 1000000)::bigint::text`.as('micros'),
    ])
    .orderBy('j.created_at', 'desc')
    .orderBy('j.id', 'desc');
}
