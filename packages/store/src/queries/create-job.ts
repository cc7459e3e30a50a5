import { SyncError } from '@syncline/connector-kit';
import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { JobStatus, Selection, SyncMode, Trigger } from '../schema.js';
import { type Actor, recordAudit } from './audit.js';
import type { Connection } from './connections.js';

export interface PlannedRun {
  readonly entity: string;
  readonly mode: SyncMode;
  /** Why the mode differs from the one asked for. */
  readonly modeReason: string | null;
  readonly lowerBound: Date | null;
  /** Given when the run goes on where an earlier one was cut short. */
  readonly upperBound: Date | null;
  readonly cursor: unknown;
  readonly recordsExpected: number | null;
  /** The scan that the run goes on with. */
  readonly scanId?: string | null;
}

export interface NewJob {
  readonly syncType: string;
  readonly mode: SyncMode;
  /** With mode `backfill`, and only then. */
  readonly selection?: Selection | undefined;
  readonly trigger: Trigger;
  readonly triggeredBy: string | null;
  /** Who started it, when somebody did: the audit log gets an entry with the job. */
  readonly by?: Actor | undefined;
  /** Where it goes with an access of its own; kept for the history, and audited. */
  readonly adhocHost?: string | undefined;
  readonly runs: readonly PlannedRun[];
}

/**
 * Creates a sync job and its entity runs, in one transaction.
 *
 * Throws SyncError SYNC_ALREADY_RUNNING (details.runningJobId) when the connection has a live job: a partial unique
 * index decides, so any number of triggers at once make one job. Within a transaction of the caller that error leaves
 * it usable.
 */
export async function createJob(db: Db, connection: Connection, job: NewJob): Promise<string> {
  const create = async (trx: Db) => {
    const created = await trx
      .insertInto('sync_jobs')
      .values({
        organization_id: connection.organizationId,
        connection_id: connection.id,
        sync_type: job.syncType,
        mode: job.mode,
        ...(job.selection && { selection: JSON.stringify(job.selection) }),
        trigger: job.trigger,
        triggered_by: job.triggeredBy,
        adhoc_host: job.adhocHost ?? null,
      })
      .onConflict((conflict) =>
        conflict
          .column('connection_id')
          .where('status', 'in', [sql.lit<JobStatus>('queued'), sql.lit<JobStatus>('running')])
          .doNothing(),
      )
      .returning('id')
      .executeTakeFirst();
    if (created === undefined) throw await alreadyRunning(trx, connection);
    await trx
      .insertInto('sync_progress')
      .values(
        job.runs.map((run, position) => ({
          sync_job_id: created.id,
          entity: run.entity,
          organization_id: connection.organizationId,
          connection_id: connection.id,
          position,
          mode: run.mode,
          mode_reason: run.modeReason,
          lower_bound: run.lowerBound,
          upper_bound: run.upperBound,
          cursor: run.cursor === null || run.cursor === undefined ? null : JSON.stringify(run.cursor),
          records_expected: run.recordsExpected,
          scan_id: run.scanId ?? null,
        })),
      )
      .execute();
    if (job.by !== undefined) await auditStart(trx, connection, job, job.by, created.id);
    return created.id;
  };
  return db.isTransaction ? create(db) : db.transaction().execute(create);
}

async function auditStart(trx: Db, connection: Connection, job: NewJob, by: Actor, subjectId: string): Promise<void> {
  const { id: connectionId, organizationId } = connection;
  const { syncType, mode, selection, adhocHost, runs } = job;
  const details = { connectionId, syncType, mode, selection, adhocHost, entities: runs.map(({ entity }) => entity) };
  await recordAudit(trx, {
    organizationId,
    ...by,
    action: 'sync.trigger',
    subjectKind: 'sync_job',
    subjectId,
    details,
  });
}

/** The error for a connection that has a live job, with that job's id. */
export async function alreadyRunning(
  db: Db,
  connection: Pick<Connection, 'id' | 'organizationId'>,
): Promise<SyncError> {
  const live = await db
    .selectFrom('sync_jobs')
    .select('id')
    .where('organization_id', '=', connection.organizationId)
    .where('connection_id', '=', connection.id)
    .where('status', 'in', ['queued', 'running'])
    .executeTakeFirst();
  return new SyncError('SYNC_ALREADY_RUNNING', undefined, { details: { runningJobId: live?.id ?? null } });
}
