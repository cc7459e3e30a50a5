import { type ErrorCode, isSyncError, type SyncError } from '@syncline/connector-kit';
import {
  type Connection,
  connectionOfSchedule,
  type DueSchedule,
  findConnection,
  isTransientDatabaseError,
  lockDueSchedules,
  type SlotOutcome,
  settleSlot,
} from '@syncline/store';
import { connectorOf, type EngineContext } from '../context.js';
import { type CreatedSync, createSync, enqueueSync } from '../job/start-sync.js';
import { orderVerification, wakeVerification } from '../verify/start-verification.js';
import { type DueSync, type MergedSchedules, mergeDue } from './merge-due.js';
import { nextToCome, timingOf } from './timing.js';

type DispatchContext = Pick<EngineContext, 'db' | 'flows' | 'verifications' | 'connectors' | 'log'>;

/**
 * How much before its time a slot may be taken. The clock that fires a job is the worker's, the one that decides is
 * Postgres'; and what is due within the same moments belongs into one job.
 */
const earlySeconds = 5;

/** What a schedule's job in the queue does. Never throws: what did not work stays due, and the reconciler finds it. */
export async function runSchedule(ctx: DispatchContext, scheduleId: string): Promise<void> {
  try {
    const connectionId = await connectionOfSchedule(ctx.db, scheduleId);
    if (connectionId !== undefined) await dispatchDue(ctx, connectionId);
  } catch (error) {
    ctx.log.warn(
      { event: 'schedule.postponed', err: error, scheduleId },
      'schedule could not be dispatched; it stays due',
    );
  }
}

/**
 * Starts what is due of a connection's schedules, all of it in one job, and moves each of them to its next slot that is
 * still to come: however many were missed, one job covers them, because an incremental run begins at the watermark.
 *
 * Job, outcomes and next slots are one transaction under the schedules' locks, so any number of processes make one job
 * of a slot. A connection that is busy, stopped or paused skips the slot, and says so; nothing is queued up for later,
 * but see `makeUp`.
 *
 * Rejects when Postgres is away.
 */
export async function dispatchDue(ctx: DispatchContext, connectionId: string): Promise<void> {
  let created: CreatedSync | undefined;
  let verifies: Connection | undefined;
  try {
    created = await ctx.db.transaction().execute(async (trx) => {
      const due = await lockDueSchedules(trx, connectionId, earlySeconds);
      const result = await startDue({ ...ctx, db: trx }, connectionId, due);
      verifies = result.verifies;
      for (const schedule of due) await settle(ctx, trx, schedule, result.outcomes.get(schedule.id));
      return result.created;
    });
  } catch (error) {
    if (isTransientDatabaseError(error)) throw error;
    // A bug, or a row that somebody wrote by hand. Without an outcome it would come back every few seconds for ever.
    ctx.log.error({ event: 'schedule.failed', err: error, connectionId }, 'schedules could not be dispatched');
    await failDue(ctx, connectionId, error);
  }
  if (created !== undefined) await enqueueSync(ctx, created);
  if (verifies !== undefined) await wakeVerification(ctx, verifies);
}

interface Dispatched {
  readonly created?: CreatedSync;
  /** A verification of it was ordered. */
  readonly verifies?: Connection | undefined;
  /** By the schedules' ids. */
  readonly outcomes: ReadonlyMap<string, SlotOutcome>;
}

async function startDue(
  ctx: DispatchContext,
  connectionId: string,
  locked: readonly DueSchedule[],
): Promise<Dispatched> {
  const due = locked.filter(({ settled }) => !settled);
  const [first] = due;
  const connection = first && (await findConnection(ctx.db, first.organizationId, connectionId));
  if (connection === undefined) return { outcomes: new Map() };
  const { created, outcomes } = await startJob(ctx, connection, due.filter(isSync));
  const checks = due.filter((schedule) => !isSync(schedule));
  const outcome = checks.length === 0 ? undefined : await orderCheck(ctx, connection, checks);
  const verifies = outcome?.outcome === 'started' ? connection : undefined;
  const all = [...outcomes, ...checks.flatMap(({ id }) => (outcome === undefined ? [] : [[id, outcome] as const]))];
  return { ...(created && { created }), verifies, outcomes: new Map(all) };
}

const isSync = (schedule: DueSchedule): schedule is DueSync => schedule.mode !== 'verify';

/** One verification for all schedules that want one now. */
async function orderCheck(
  ctx: DispatchContext,
  connection: Connection,
  checks: readonly DueSchedule[],
): Promise<SlotOutcome> {
  const entities = checks.some((check) => check.entities.length === 0) ? [] : checks.flatMap((check) => check.entities);
  const triggeredBy = checks.map(({ name }) => name).join(', ');
  try {
    const order = { entities: [...new Set(entities)], trigger: 'schedule', triggeredBy } as const;
    const id = await orderVerification(ctx, connection, order);
    return { outcome: 'started', syncJobId: null, code: null, detail: `verification ${id}` };
  } catch (error) {
    if (error instanceof RangeError) return problem('failed', 'CONNECTION_SETTINGS_INVALID', error.message);
    if (!isSyncError(error)) throw error;
    return refusal(error);
  }
}

async function startJob(ctx: DispatchContext, connection: Connection, due: readonly DueSync[]): Promise<Dispatched> {
  if (due.length === 0) return { outcomes: new Map() };
  const merged = mergeDue(connectorOf(ctx, connection.connector), due);
  const outcomes = new Map<string, SlotOutcome>(
    merged.refused.map(({ schedule, why }) => [schedule.id, problem('failed', 'CONNECTION_SETTINGS_INVALID', why)]),
  );
  if (merged.usable.length === 0) return { outcomes };
  try {
    const created = await createSync(ctx, connection, merged.request);
    note(merged, outcomes, (index) => ({
      outcome: index === 0 ? 'started' : 'merged',
      syncJobId: created.jobId,
      code: null,
      detail: null,
    }));
    return { created, outcomes };
  } catch (error) {
    if (!isSyncError(error)) throw error;
    note(merged, outcomes, () => refusal(error));
    return { outcomes };
  }
}

function note({ usable }: MergedSchedules, outcomes: Map<string, SlotOutcome>, of: (index: number) => SlotOutcome) {
  for (const [index, { id }] of usable.entries()) outcomes.set(id, of(index));
}

/** What is in the way only for now: the next slot may find it gone. */
const inTheWay: ReadonlySet<ErrorCode> = new Set([
  'SYNC_ALREADY_RUNNING',
  'VERIFICATION_RUNNING',
  'SYNC_STOPPED',
  'CONNECTION_NOT_READY',
]);

function refusal(error: SyncError): SlotOutcome {
  const { runningJobId } = error.details;
  const detail = typeof runningJobId === 'string' ? `${error.message}: ${runningJobId}` : error.message;
  return problem(inTheWay.has(error.code) ? 'skipped' : 'failed', error.code, detail);
}

function problem(outcome: 'skipped' | 'failed', code: ErrorCode, detail: string): SlotOutcome {
  return { outcome, syncJobId: null, code, detail };
}

const makeUpMs = 10 * 60_000;

/**
 * When a slot is tried again that met a running sync; undefined where the next one comes soon anyway. Slots keep their
 * distance to one another, day after day: without this, a nightly full sync would be skipped every night by the
 * quarter-hourly one that always begins some seconds before it.
 */
function makeUp(outcome: SlotOutcome | undefined, next: Date | null, now: Date): Date | undefined {
  if (outcome?.code !== 'SYNC_ALREADY_RUNNING') return undefined;
  const again = new Date(now.getTime() + makeUpMs);
  return next === null || next.getTime() - again.getTime() > makeUpMs ? again : undefined;
}

/** Notes the outcome and moves to the next slot. A row whose times cannot be computed is switched off, visibly. */
async function settle(
  ctx: Pick<DispatchContext, 'log'>,
  trx: DispatchContext['db'],
  schedule: DueSchedule,
  outcome: SlotOutcome | undefined,
): Promise<void> {
  const { id: scheduleId, name, connectionId, nextDueAt: dueAt } = schedule;
  let next: Date | null = null;
  try {
    next = nextToCome(timingOf(schedule), dueAt, schedule.now) ?? null;
  } catch (error) {
    ctx.log.error(
      { event: 'schedule.disabled', err: error, scheduleId },
      'schedule switched off: its times cannot be computed',
    );
  }
  next = makeUp(outcome, next, schedule.now) ?? next;
  await settleSlot(trx, schedule, outcome, next);
  ctx.log.info(
    { event: 'schedule.due', scheduleId, name, connectionId, dueAt, ...outcome, nextDueAt: next },
    'schedule was due',
  );
}

async function failDue(ctx: DispatchContext, connectionId: string, error: unknown): Promise<void> {
  const outcome = problem('failed', 'INTERNAL', error instanceof Error ? error.message : String(error));
  await ctx.db.transaction().execute(async (trx) => {
    for (const schedule of await lockDueSchedules(trx, connectionId, 0)) {
      await settle(ctx, trx, schedule, schedule.settled ? undefined : outcome);
    }
  });
}
