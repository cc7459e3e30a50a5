import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { JobStatus, RunStatus, SyncMode, WaitReason } from '../schema.js';

/** An entity run, as far as it says how far a sync is. */
export interface RunProgress {
  readonly entity: string;
  readonly status: RunStatus;
  readonly mode: SyncMode;
  /** Frozen when the job was made; null where nobody knows. The vendor may have more, or fewer. */
  readonly recordsExpected: number | null;
  readonly recordsRead: number;
  readonly recordsFailed: number;
  readonly waitingFor: WaitReason | null;
  readonly waitingUntil: Date | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

/** How far a sync is, as of one moment. */
export interface JobProgress {
  readonly id: string;
  readonly organizationId: string;
  readonly connectionId: string;
  readonly syncType: string;
  readonly status: JobStatus;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** The moment, by Postgres' clock. */
  readonly asOf: Date;
  /** In the order they are synced. */
  readonly runs: readonly RunProgress[];
}

/** Undefined when the organization has no such job. One statement: job and runs are of the same moment. */
export async function readProgress(db: Db, organizationId: string, jobId: string): Promise<JobProgress | undefined> {
  const rows = await db
    .selectFrom('sync_jobs as j')
    .innerJoin('sync_progress as p', 'p.sync_job_id', 'j.id')
    .select([
      'j.id',
      'j.organization_id as organizationId',
      'j.connection_id as connectionId',
      'j.sync_type as syncType',
      'j.status',
      'j.error_code as errorCode',
      'j.error_message as errorMessage',
      'j.created_at as createdAt',
      'j.started_at as startedAt',
      'j.ended_at as endedAt',
      sql<Date>`now()`.as('asOf'),
      'p.entity',
      'p.status as runStatus',
      'p.mode',
      'p.records_expected as recordsExpected',
      'p.records_read as recordsRead',
      'p.records_failed as recordsFailed',
      'p.waiting_for as waitingFor',
      'p.waiting_until as waitingUntil',
      'p.error_code as runErrorCode',
      'p.error_message as runErrorMessage',
    ])
    .where('j.organization_id', '=', organizationId)
    .where('j.id', '=', jobId)
    .orderBy('p.position')
    .execute();
  const [first] = rows;
  if (first === undefined) return undefined;
  const { id, connectionId, syncType, status, errorCode, errorMessage, createdAt, startedAt, endedAt, asOf } = first;
  return {
    ...{ id, organizationId, connectionId, syncType, status, errorCode, errorMessage },
    ...{ createdAt, startedAt, endedAt, asOf },
    runs: rows.map((row) => ({
      entity: row.entity,
      status: row.runStatus,
      mode: row.mode,
      recordsExpected: row.recordsExpected,
      recordsRead: row.recordsRead,
      recordsFailed: row.recordsFailed,
      waitingFor: row.waitingFor,
      waitingUntil: row.waitingUntil,
      errorCode: row.runErrorCode,
      errorMessage: row.runErrorMessage,
    })),
  };
}

/** Whose job it is, whoever asks: for callers that may act for several organizations. Undefined when there is none. */
export async function organizationOfJob(db: Db, jobId: string): Promise<string | undefined> {
  const row = await db.selectFrom('sync_jobs').select('organization_id').where('id', '=', jobId).executeTakeFirst();
  return row?.organization_id;
}
