import { sql } from 'kysely';
import pg from 'pg';
import type { Db } from '../open-database.js';
import type { JobStatus, RunStatus, SyncMode } from '../schema.js';
import { type Actor, recordAudit } from './audit.js';
import { type Standing, standingOf } from './standing.js';

/** A job as the engine needs it, whoever asks: its id is random and comes from our own queue. */
export interface JobHead {
  readonly id: string;
  readonly organizationId: string;
  readonly connectionId: string;
  readonly connector: string;
  readonly status: JobStatus;
  readonly mode: SyncMode;
  readonly flowRound: number;
  /** Whether its work may go on. */
  readonly standing: Standing;
}

export interface RunHead {
  readonly entity: string;
  readonly status: RunStatus;
  /** When it rests: until then. */
  readonly waitingUntil: Date | null;
}

export async function readJob(db: Db, jobId: string): Promise<JobHead | undefined> {
  return jobHeads(db).where('j.id', '=', jobId).executeTakeFirst();
}

function jobHeads(db: Db) {
  return db
    .selectFrom('sync_jobs as j')
    .innerJoin('connections as c', 'c.id', 'j.connection_id')
    .innerJoin('organizations as o', 'o.id', 'j.organization_id')
    .select([
      'j.id',
      'j.organization_id as organizationId',
      'j.connection_id as connectionId',
      'c.connector',
      'j.status',
      'j.mode',
      'j.flow_round as flowRound',
      standingOf.as('standing'),
    ]);
}

/** The job's entity runs in the order of the flow. */
export async function readRuns(db: Db, jobId: string): Promise<RunHead[]> {
  return db
    .selectFrom('sync_progress')
    .select(['entity', 'status', 'waiting_until as waitingUntil'])
    .where('sync_job_id', '=', jobId)
    .orderBy('position')
    .execute();
}

/**
 * Counts the job's flow layouts up: every layout's nodes have ids of their own. Undefined when another process did so
 * since `round` was read: the flow is its business then.
 */
export async function nextFlowRound(db: Db, jobId: string, round: number): Promise<number | undefined> {
  const row = await db
    .updateTable('sync_jobs')
    .set({ flow_round: round + 1 })
    .where('id', '=', jobId)
    .where('flow_round', '=', round)
    .returning('flow_round')
    .executeTakeFirst();
  return row?.flow_round;
}

const uniqueViolation = '23505';

/**
 * Takes an ended job up again, because one of its entity runs is retried; entities that were skipped for it get their
 * turn too. False when another job of the connection is live: its turn first.
 */
export async function reopenJob(db: Db, jobId: string): Promise<boolean> {
  try {
    await db.transaction().execute(async (trx) => {
      await trx
        .updateTable('sync_jobs')
        .set({ status: 'running', ended_at: null, error_code: null, error_message: null })
        .where('id', '=', jobId)
        .where('status', 'in', ['partial', 'failed'])
        .execute();
      await trx
        .updateTable('sync_progress')
        .set({ status: 'pending', error_code: null, error_message: null, ended_at: null })
        .where('sync_job_id', '=', jobId)
        .where('status', '=', 'skipped')
        .execute();
    });
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === uniqueViolation) return false;
    throw error;
  }
}

/**
 * Ends a job whose entity runs have all ended. Its status follows from theirs. Undefined while some have not.
 * Safe to call again: an ended job is left as it is.
 */
export async function concludeJob(db: Db, jobId: string): Promise<JobStatus | undefined> {
  return (await endJob(db, jobId))?.status;
}

/** The same; `endedNow`: by this call, and not before. */
export async function endJob(
  db: Db,
  jobId: string,
): Promise<{ readonly status: JobStatus; readonly endedNow: boolean } | undefined> {
  return db.transaction().execute(async (trx) => {
    const job = await trx
      .selectFrom('sync_jobs')
      .select('status')
      .where('id', '=', jobId)
      .forUpdate()
      .executeTakeFirst();
    if (job === undefined) return undefined;
    if (!['queued', 'running'].includes(job.status)) return { status: job.status, endedNow: false };
    const runs = await trx
      .selectFrom('sync_progress')
      .select(['entity', 'status', 'records_failed', 'error_code', 'error_message'])
      .where('sync_job_id', '=', jobId)
      .orderBy('position')
      .execute();
    if (runs.some((run) => run.status === 'pending' || run.status === 'running')) return undefined;
    const status = jobStatus(runs.map((run) => run.status));
    const cause = runs.find((run) => run.error_code !== null && run.status !== 'skipped');
    await trx
      .updateTable('sync_jobs')
      .set({
        status,
        ended_at: sql<Date>`now()`,
        error_code: cause?.error_code ?? null,
        error_message: cause === undefined ? null : `${cause.entity}: ${cause.error_message}`,
      })
      .where('id', '=', jobId)
      .execute();
    return { status, endedNow: true };
  });
}

/** What a job came to, from what its entity runs came to. */
export function jobStatus(runs: readonly RunStatus[]): JobStatus {
  if (runs.every((status) => status === 'succeeded')) return 'succeeded';
  if (runs.includes('cancelled')) return 'cancelled';
  return runs.every((status) => status === 'failed' || status === 'skipped') ? 'failed' : 'partial';
}

/**
 * Ends a job and its entity runs as cancelled, at once: a worker that is in the middle of a page is fenced off, and one
 * that is committing is waited for. What was committed stays. False when the job is not live.
 */
export async function cancelJob(db: Db, organizationId: string, jobId: string, by: Actor): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    if (!(await endAsCancelled(trx, organizationId, jobId, by.actor))) return false;
    const entry = { action: 'sync.cancel', subjectKind: 'sync_job', subjectId: jobId };
    await recordAudit(trx, { organizationId, ...by, ...entry });
    return true;
  });
}

/**
 * Locks a job's runs in the order of the flow, as a page transaction does, which counts for the entities behind its own as
 * well: who took them in another order would wait for it while it waits for him.
 */
async function lockRuns(trx: Db, jobId: string): Promise<void> {
  await trx
    .selectFrom('sync_progress')
    .select('entity')
    .where('sync_job_id', '=', jobId)
    .orderBy('position')
    .forUpdate()
    .execute();
}

/** The same without a word in the audit log, in a transaction of the caller. */
export async function endAsCancelled(trx: Db, organizationId: string, jobId: string, by: string): Promise<boolean> {
  const job = await trx
    .updateTable('sync_jobs')
    .set({ status: 'cancelled', ended_at: sql<Date>`now()`, cancelled_by: by })
    .where('organization_id', '=', organizationId)
    .where('id', '=', jobId)
    .where('status', 'in', ['queued', 'running'])
    .returning('id')
    .executeTakeFirst();
  if (job === undefined) return false;
  await lockRuns(trx, jobId);
  await trx
    .updateTable('sync_progress')
    .set({ status: 'cancelled', ended_at: sql<Date>`now()`, waiting_for: null, waiting_until: null })
    .where('sync_job_id', '=', jobId)
    .where('status', 'in', ['pending', 'running'])
    .execute();
  return true;
}

/** Live jobs that may go on and that nobody has touched for `seconds`, to be looked after. Of one organization, or of all. */
export async function quietJobs(db: Db, seconds: number, organizationId?: string): Promise<JobHead[]> {
  return quiet(db, seconds, organizationId).execute();
}

/**
 * Jobs that could not be carried on: quiet for `seconds` although a worker was alive all the time, and not resting
 * until a time that is still to come.
 */
export async function staleJobs(db: Db, seconds: number, organizationId?: string): Promise<JobHead[]> {
  return quiet(db, seconds, organizationId)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('workers as w')
          .select('w.boot_id')
          .where('w.started_at', '<', sql<Date>`now() - make_interval(secs => ${seconds})`)
          .where('w.seen_at', '>', sql<Date>`now() - interval '1 minute'`),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('sync_progress as p')
            .select('p.entity')
            .whereRef('p.sync_job_id', '=', 'j.id')
            .where('p.waiting_until', '>', sql<Date>`now()`),
        ),
      ),
    )
    .execute();
}

function quiet(db: Db, seconds: number, organizationId: string | undefined) {
  const heads = jobHeads(db);
  const ofOrganization = organizationId === undefined ? heads : heads.where('j.organization_id', '=', organizationId);
  return ofOrganization
    .where('j.status', 'in', ['queued', 'running'])
    .where(standingOf, '=', 'live')
    .where('j.created_at', '<', sql<Date>`now() - make_interval(secs => ${seconds})`)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('sync_progress as p')
            .select('p.entity')
            .whereRef('p.sync_job_id', '=', 'j.id')
            .where('p.heartbeat_at', '>', sql<Date>`now() - make_interval(secs => ${seconds})`),
        ),
      ),
    );
}

/** Ends a job that nobody could carry on, with all its open runs, as failed. False when it is not live any more. */
export async function failJob(db: Db, jobId: string, code: string, message: string): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const end = { ended_at: sql<Date>`now()`, error_code: code, error_message: message.slice(0, 2000) };
    const job = await trx
      .updateTable('sync_jobs')
      .set({ status: 'failed', ...end })
      .where('id', '=', jobId)
      .where('status', 'in', ['queued', 'running'])
      .returning('id')
      .executeTakeFirst();
    if (job === undefined) return false;
    await lockRuns(trx, jobId);
    await trx
      .updateTable('sync_progress')
      .set({ status: 'failed', ...end, waiting_for: null, waiting_until: null })
      .where('sync_job_id', '=', jobId)
      .where('status', 'in', ['pending', 'running'])
      .execute();
    return true;
  });
}

/** Ends entity runs that are open although their job has ended, of one organization or of all. Gives how many. */
export async function endZombies(db: Db, organizationId?: string): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('sync_progress as p')
    .$if(organizationId !== undefined, (zombies) => zombies.where('p.organization_id', '=', organizationId ?? ''))
    .from('sync_jobs as j')
    .set({ status: 'cancelled', ended_at: sql<Date>`now()`, waiting_for: null, waiting_until: null })
    .whereRef('j.id', '=', 'p.sync_job_id')
    .where('j.status', 'not in', ['queued', 'running'])
    .where('p.status', 'in', ['pending', 'running'])
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
