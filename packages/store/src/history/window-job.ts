import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { endAsCancelled } from '../queries/job-life.js';
import type { JobStatus } from '../schema.js';
import type { History, RecordCounts } from './histories.js';

/** How a run of a window stands. */
export interface WindowRun {
  readonly entity: string;
  readonly allPagesRead: boolean;
  readonly cursor: unknown;
  readonly pages: number;
  readonly errorCode: string | null;
}

/** A job that reads a window, or what there is of one. */
export interface WindowJob {
  readonly status: JobStatus;
  readonly cancelledBy: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** Since it was begun, until its end or now. */
  readonly seconds: number;
  readonly records: RecordCounts;
  readonly runs: readonly WindowRun[];
}

/** The job that a history waits for; undefined where it has none. */
export async function readWindowJob(
  db: Db,
  { organizationId, jobId }: Pick<History, 'organizationId' | 'jobId'>,
): Promise<WindowJob | undefined> {
  if (jobId === null) return undefined;
  const job = await db
    .selectFrom('sync_jobs')
    .select(['status', 'cancelled_by as cancelledBy', 'error_code as errorCode', 'error_message as errorMessage'])
    .select(
      sql<number>`extract(epoch from coalesce(ended_at, now()) - coalesce(started_at, created_at))::float8`.as(
        'seconds',
      ),
    )
    .where('organization_id', '=', organizationId)
    .where('id', '=', jobId)
    .executeTakeFirst();
  if (job === undefined) return undefined;
  const rows = await db
    .selectFrom('sync_progress')
    .select(['entity', 'all_pages_read as allPagesRead', 'cursor', 'pages', 'error_code as errorCode'])
    .select(['records_read', 'records_created', 'records_updated'])
    .select(['records_unchanged', 'records_failed', 'records_deleted'])
    .where('organization_id', '=', organizationId)
    .where('sync_job_id', '=', jobId)
    .orderBy('position')
    .execute();
  const sum = (name: `records_${keyof RecordCounts}`) => rows.reduce((count, row) => count + row[name], 0);
  return {
    ...job,
    records: {
      ...{ read: sum('records_read'), created: sum('records_created'), updated: sum('records_updated') },
      ...{ unchanged: sum('records_unchanged'), failed: sum('records_failed'), deleted: sum('records_deleted') },
    },
    runs: rows.map(({ entity, allPagesRead, cursor, pages, errorCode }) => ({
      ...{ entity, allPagesRead, cursor, pages, errorCode },
    })),
  };
}

/**
 * Ends the job of a window at once, as if it was cancelled; a page that is being committed is waited for. In the
 * transaction that holds the history's lock. False when it is not live any more.
 */
export async function endWindowJob(
  trx: Db,
  { organizationId, jobId }: Pick<History, 'organizationId' | 'jobId'>,
  why: string,
): Promise<boolean> {
  return jobId !== null && (await endAsCancelled(trx, organizationId, jobId, why));
}
