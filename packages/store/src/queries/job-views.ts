import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { JobStatus, RunStatus, Selection, SyncMode, Trigger, WaitReason } from '../schema.js';

export interface RunView {
  readonly entity: string;
  readonly status: RunStatus;
  readonly mode: SyncMode;
  readonly modeReason: string | null;
  readonly pages: number;
  /** Null while nobody knows: vendors rarely tell a total. */
  readonly recordsExpected: number | null;
  readonly recordsRead: number;
  readonly recordsCreated: number;
  readonly recordsUpdated: number;
  readonly recordsUnchanged: number;
  readonly recordsFailed: number;
  /** Rows marked as deleted; not records that were read. */
  readonly recordsDeleted: number;
  readonly waitingFor: WaitReason | null;
  readonly waitingUntil: Date | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

export interface JobView {
  readonly id: string;
  readonly connectionId: string;
  readonly syncType: string;
  readonly mode: SyncMode;
  /** What a backfill is about; null for everything else. */
  readonly selection: Selection | null;
  readonly trigger: Trigger;
  readonly triggeredBy: string | null;
  readonly status: JobStatus;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly entities: readonly RunView[];
}

export interface JobFilter {
  readonly connectionId?: string | undefined;
  readonly syncTypes?: readonly string[] | undefined;
  readonly exceptSyncType?: string | undefined;
  readonly statuses?: readonly JobStatus[] | undefined;
  readonly trigger?: Trigger | undefined;
  readonly mode?: SyncMode | undefined;
  /** By when they were asked for: then or later, and before. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly id?: string | undefined;
  readonly ids?: readonly string[] | undefined;
}

/** An organization's jobs, newest first, with their entity runs. Two queries whatever the number of jobs. */
export async function listJobs(
  db: Db,
  organizationId: string,
  filter: JobFilter,
  page: { readonly limit: number; readonly offset: number },
): Promise<JobView[]> {
  const jobs = await matchingJobs(db, organizationId, filter)
    .select([
      'id',
      'connection_id as connectionId',
      'sync_type as syncType',
      'mode',
      'selection',
      'trigger',
      'triggered_by as triggeredBy',
      'status',
      'error_code as errorCode',
      'error_message as errorMessage',
      'created_at as createdAt',
      'started_at as startedAt',
      'ended_at as endedAt',
    ])
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(page.limit)
    .offset(page.offset)
    .execute();
  const runs =
    jobs.length === 0
      ? []
      : await listRuns(
          db,
          organizationId,
          jobs.map((job) => job.id),
        );
  return jobs.map((job) => ({
    ...job,
    entities: runs.filter((run) => run.syncJobId === job.id).map(({ syncJobId: _, ...run }) => run),
  }));
}

/**
 * How many jobs a filter means, counted up to `most`: a total is for people, and none of them needs to know whether it
 * is a million or two.
 */
export async function countJobs(db: Db, organizationId: string, filter: JobFilter, most: number): Promise<number> {
  const row = await db
    .selectFrom(matchingJobs(db, organizationId, filter).select('id').limit(most).as('counted'))
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return row.count;
}

/** An organization's jobs that a filter means. */
export function matchingJobs(db: Db, organizationId: string, filter: JobFilter) {
  let query = db.selectFrom('sync_jobs').where('organization_id', '=', organizationId);
  if (filter.exceptSyncType !== undefined) query = query.where('sync_type', '<>', filter.exceptSyncType);
  if (filter.trigger !== undefined) query = query.where('trigger', '=', filter.trigger);
  if (filter.mode !== undefined) query = query.where('mode', '=', filter.mode);
  if (filter.from !== undefined) query = query.where('created_at', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('created_at', '<', filter.to);
  if (filter.id !== undefined) query = query.where('id', '=', filter.id);
  if (filter.ids !== undefined) query = query.where('id', 'in', [...filter.ids]);
  if (filter.connectionId !== undefined) query = query.where('connection_id', '=', filter.connectionId);
  if (filter.syncTypes !== undefined) query = query.where('sync_type', 'in', [...filter.syncTypes]);
  if (filter.statuses !== undefined) query = query.where('status', 'in', [...filter.statuses]);
  return query;
}

async function listRuns(db: Db, organizationId: string, jobIds: readonly string[]) {
  return db
    .selectFrom('sync_progress')
    .select([
      'sync_job_id as syncJobId',
      'entity',
      'status',
      'mode',
      'mode_reason as modeReason',
      'pages',
      'records_expected as recordsExpected',
      'records_read as recordsRead',
      'records_created as recordsCreated',
      'records_updated as recordsUpdated',
      'records_unchanged as recordsUnchanged',
      'records_failed as recordsFailed',
      'records_deleted as recordsDeleted',
      'waiting_for as waitingFor',
      'waiting_until as waitingUntil',
      'error_code as errorCode',
      'error_message as errorMessage',
      'started_at as startedAt',
      'ended_at as endedAt',
    ])
    .where('organization_id', '=', organizationId)
    .where('sync_job_id', 'in', [...jobIds])
    .orderBy('position')
    .execute();
}
