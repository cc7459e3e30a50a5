import { isSyncError, SyncError } from '@syncline/connector-kit';
import type { Turn, Verdict } from '@syncline/queue';
import {
  type ClaimedRun,
  type Connection,
  endRun,
  isTransientDatabaseError,
  noteWaiting,
  recordFailedRun,
  restartAsFull,
  setConnectionStatus,
} from '@syncline/store';
import type { EngineContext } from '../context.js';

/** When to look again, if Postgres or Redis is what failed: that says nothing about the run and costs no attempt. */
const serviceRestMs = 5_000;

/**
 * Gives a failure of an entity run its home: a rest, another attempt, or the end of the run with a failed item.
 *
 * Throws the failure when it is to count as an attempt, or is final.
 */
export async function settleFailure(
  ctx: EngineContext,
  connection: Connection,
  run: ClaimedRun,
  turn: Turn,
  error: unknown,
): Promise<Verdict> {
  if (isTransientDatabaseError(error) || isSyncError(error, 'BUDGET_UNAVAILABLE')) {
    ctx.log.warn({ err: error }, 'a service of ours is away; the run rests');
    return { kind: 'rest', until: new Date(Date.now() + serviceRestMs) };
  }
  const failure = error instanceof SyncError ? error : new SyncError('INTERNAL', messageOf(error), { cause: error });
  if (failure.entry.kind === 'wait') {
    const until = failure.resumeAt ?? new Date(Date.now() + serviceRestMs);
    await noteWaiting(ctx.db, run, failure.code === 'BUDGET_WAIT' ? 'budget' : 'vendor rate limit', until);
    ctx.log.info({ code: failure.code, until }, 'the run rests');
    return { kind: 'rest', until };
  }
  if (failure.code === 'UPSTREAM_BAD_WATERMARK' && run.mode === 'incremental') {
    await restartAsFull(ctx.db, run, 'the vendor refused the timestamp of the watermark');
    ctx.log.warn('the vendor refused the watermark; the entity is synced in full');
    return { kind: 'rest', until: new Date() };
  }
  if (failure.code === 'CURSOR_CYCLE') {
    await end(ctx, run, 'partial', failure);
    return { kind: 'done' };
  }
  if (failure.entry.kind === 'transient' && !turn.lastAttempt) {
    await noteWaiting(ctx.db, run, `another attempt after: ${failure.code}`, null);
    ctx.log.warn({ err: failure, code: failure.code }, 'the entity run failed and is tried again');
    throw failure;
  }
  ctx.log.error({ err: failure, code: failure.code }, 'the entity run failed');
  if (failure.entry.takesDown === 'connection') {
    const status = failure.code === 'UPSTREAM_AUTH' ? 'needs_reauth' : 'error';
    await setConnectionStatus(ctx.db, connection, status, failure.message);
  }
  await end(ctx, run, 'failed', failure);
  throw failure;
}

async function end(ctx: EngineContext, run: ClaimedRun, status: 'failed' | 'partial', failure: SyncError) {
  const { code: errorCode, message: errorMessage } = failure;
  const ended = await endRun(ctx.db, run, { status, complete: false, errorCode, errorMessage });
  if (ended && status === 'failed') await recordFailedRun(ctx.db, run, { code: errorCode, message: errorMessage });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
