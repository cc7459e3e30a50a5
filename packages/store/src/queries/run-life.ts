import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { RunStatus, Selection, SyncMode, WaitReason } from '../schema.js';
import type { Fence } from '../writer/commit-pages.js';
import { scanOf } from './scans.js';
import { type Standing, standingOf } from './standing.js';
import { saveState } from './state.js';

/** An entity run in the hands of one worker. */
export interface ClaimedRun extends Fence {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly mode: SyncMode;
  /** What the job is about, if it is a backfill. */
  readonly selection: Selection | null;
  /** Where to go on; undefined for the first page. */
  readonly cursor: unknown;
  readonly lowerBound: Date | null;
  readonly upperBound: Date | null;
  readonly pages: number;
  /** Only the end of the run is missing: its worker died after the last page. */
  readonly allPagesRead: boolean;
  readonly startedAt: Date;
  /** There are failed items of this entity that a success may resolve. */
  readonly hasOpenItems: boolean;
  /** Its job goes by an access of its own, which may be shown less: what it did not meet says nothing. */
  readonly adhoc: boolean;
  /** The reading of the whole list that the run is part of, by whose word rows may be deleted; null if of none. */
  readonly scanId: string | null;
}

/**
 * Takes an entity run in hand under a new fencing token: from here on, whoever had it before cannot write any more.
 * Undefined when there is nothing to do: the run has ended, or its job is not live. `sweeps` false: it is part of no scan,
 * and nothing is deleted by what it has not met.
 */
export async function claimRun(
  db: Db,
  jobId: string,
  entity: string,
  worker: string,
  { sweeps = true }: { readonly sweeps?: boolean } = {},
): Promise<ClaimedRun | undefined> {
  return db.transaction().execute(async (trx) => {
    const job = await trx
      .updateTable('sync_jobs')
      .set({ status: 'running', started_at: sql<Date>`coalesce(started_at, now())` })
      .where('id', '=', jobId)
      .where('status', 'in', ['queued', 'running'])
      .returning(['id', 'selection', 'adhoc_host'])
      .executeTakeFirst();
    if (job === undefined) return undefined;
    const run = await trx
      .updateTable('sync_progress')
      .set((eb) => ({
        epoch: eb('epoch', '+', 1),
        claim: sql<string>`gen_random_uuid()`,
        worker,
        status: 'running',
        heartbeat_at: sql<Date>`now()`,
        started_at: sql<Date>`coalesce(started_at, now())`,
        ended_at: null,
        error_code: null,
        error_message: null,
        waiting_for: null,
        waiting_until: null,
      }))
      .where('sync_job_id', '=', jobId)
      .where('entity', '=', entity)
      .where('status', 'in', ['pending', 'running', 'failed'])
      .returningAll()
      .returning(
        sql<boolean>`exists (select from sync_failed_items f where f.connection_id = sync_progress.connection_id
          and f.entity = sync_progress.entity and f.status <> 'resolved')`.as('has_open_items'),
      )
      .executeTakeFirst();
    if (run === undefined) return undefined;
    return {
      syncJobId: jobId,
      entity,
      epoch: run.epoch,
      ...(run.claim !== null && { claim: run.claim }),
      organizationId: run.organization_id,
      connectionId: run.connection_id,
      mode: run.mode,
      selection: job.selection,
      cursor: run.cursor ?? undefined,
      lowerBound: run.lower_bound,
      upperBound: run.upper_bound,
      pages: run.pages,
      allPagesRead: run.all_pages_read,
      startedAt: run.started_at ?? new Date(),
      hasOpenItems: run.has_open_items,
      adhoc: job.adhoc_host !== null,
      scanId: sweeps && job.adhoc_host === null ? await scanOf(trx, run) : null,
    };
  });
}

/** Says why a run rests and until when, for whoever asks. */
export async function noteWaiting(db: Db, fence: Fence, reason: WaitReason, until: Date | null): Promise<void> {
  await fenced(db, fence).set({ waiting_for: reason, waiting_until: until, heartbeat_at: sql<Date>`now()` }).execute();
}

export interface Attempt {
  /** Failures in a row, without a committed page in between; this one included. */
  readonly attempts: number;
  /** When to try again: exponential with full jitter, 2 s doubling to at most a minute. */
  readonly until: Date;
}

/** Counts a failure of a run that may pass. Undefined when fenced out. */
export async function noteAttempt(
  db: Db,
  fence: Fence,
  failure: { readonly code: string; readonly message: string },
): Promise<Attempt | undefined> {
  const row = await fenced(db, fence)
    .set((eb) => ({
      attempts: eb('attempts', '+', 1),
      waiting_for: 'retry',
      waiting_until: sql<Date>`now() + make_interval(secs => random() * least(60, 2 * 2 ^ least(attempts, 10)))`,
      error_code: failure.code,
      error_message: failure.message.slice(0, 2000),
      heartbeat_at: sql<Date>`now()`,
    }))
    .returning(['attempts', 'waiting_until as until'])
    .executeTakeFirst();
  return row === undefined ? undefined : { attempts: row.attempts, until: row.until ?? new Date() };
}

/**
 * A sign of life, between pages too: a vendor may take minutes for one. Tells how the run stands now; `fenced` when it
 * is in other hands or has ended.
 */
export async function beatRun(db: Db, fence: Fence): Promise<Standing | 'fenced'> {
  const { rows } = await sql<{ standing: Standing }>`
    update sync_progress p set heartbeat_at = now()
    from sync_jobs j, connections c, organizations o
    where p.sync_job_id = ${fence.syncJobId} and p.entity = ${fence.entity} and p.epoch = ${fence.epoch}
      and (${fence.claim ?? null}::uuid is null or p.claim = ${fence.claim ?? null}::uuid)
      and p.status = 'running' and j.id = p.sync_job_id and c.id = p.connection_id and o.id = p.organization_id
    returning ${standingOf} as standing`.execute(db);
  return rows[0]?.standing ?? 'fenced';
}

/**
 * Starts the run over as a full sync, because the vendor does not take its lower bound, or where it stands cannot be read.
 * That of a selection starts over as itself: read as a whole entity it would move the watermark by a part, and sweep by
 * it. False when fenced out.
 */
export async function restartAsFull(db: Db, fence: Fence, reason: string): Promise<boolean> {
  const { numUpdatedRows } = await fenced(db, fence)
    .set({
      mode: sql<SyncMode>`case when mode = 'backfill' then mode else 'full' end`,
      lower_bound: sql<Date | null>`case when mode = 'backfill' then lower_bound end`,
      ...{ mode_reason: reason, cursor: null, scan_id: null, all_pages_read: false },
    })
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export interface RunEnd {
  readonly status: Extract<RunStatus, 'succeeded' | 'partial' | 'failed' | 'cancelled'>;
  /** Every page was read: the watermark may move. */
  readonly complete: boolean;
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
}

/** How a run has ended. */
export interface EndedRun {
  /** `partial` also where everything was read and not every record could be kept. */
  readonly status: RunEnd['status'];
  readonly mode: SyncMode;
  /** Since it was claimed for the first time. */
  readonly seconds: number;
}

/**
 * Ends a run: its status, and the entity's watermark (or the place to go on from), in one transaction. A backfill moves
 * neither, and a run by an access of its own neither.
 * False when fenced out, or when it is to be complete and Postgres does not have its last page; then nothing has changed.
 */
export async function endRun(db: Db, fence: Fence, end: RunEnd): Promise<boolean> {
  return (await concludeRun(db, fence, end)) !== undefined;
}

/** The same; says how the run has ended, undefined when fenced out. */
export async function concludeRun(db: Db, fence: Fence, end: RunEnd): Promise<EndedRun | undefined> {
  return db.transaction().execute(async (trx) => {
    const run = await fenced(trx, fence)
      // Postgres may have lost the last page in a failover since: then it is read again, before the watermark passes it.
      .$if(end.complete, (held) => held.where('all_pages_read', '=', true))
      .set({
        // Everything was read, but not every record could be kept: that is not a success.
        status: sql<RunStatus>`case when ${end.complete} and records_failed > 0 then 'partial' else ${end.status} end`,
        error_code: end.errorCode ?? null,
        error_message: end.errorMessage?.slice(0, 2000) ?? null,
        ended_at: sql<Date>`now()`,
        heartbeat_at: sql<Date>`now()`,
        waiting_for: null,
        waiting_until: null,
      })
      .returningAll()
      .returning([
        sql<boolean>`exists (select from sync_jobs j where j.id = sync_progress.sync_job_id
          and j.adhoc_host is not null)`.as('adhoc'),
        sql<number>`extract(epoch from now() - started_at)::float8`.as('seconds'),
      ])
      .executeTakeFirst();
    if (run === undefined) return undefined;
    // A selection says nothing about the entity: neither up to when it is complete, nor where its next run goes on. Nor does
    // what an access of the job's own was shown.
    if (run.mode !== 'backfill' && !run.adhoc) await saveState(trx, run, end.complete);
    return { status: run.status as EndedRun['status'], mode: run.mode, seconds: run.seconds };
  });
}

/** Marks a run as skipped, unless it has begun. */
export async function skipRun(db: Db, jobId: string, entity: string, code: string, message: string): Promise<void> {
  await db
    .updateTable('sync_progress')
    .set({ status: 'skipped', error_code: code, error_message: message, ended_at: sql<Date>`now()` })
    .where('sync_job_id', '=', jobId)
    .where('entity', '=', entity)
    .where('status', '=', 'pending')
    .execute();
}

function fenced(db: Db, fence: Fence) {
  return db
    .updateTable('sync_progress')
    .where('sync_job_id', '=', fence.syncJobId)
    .where('entity', '=', fence.entity)
    .where('epoch', '=', fence.epoch)
    .$if(fence.claim !== undefined, (run) => run.where('claim', '=', fence.claim ?? null))
    .where('status', '=', 'running');
}
