import { type ErrorCode, isSyncError, SyncError } from '@syncline/connector-kit';
import type { Verdict } from '@syncline/queue';
import {
  type ClaimedRun,
  type Connection,
  isTransientDatabaseError,
  noteAttempt,
  noteWaiting,
  reportConnectionStatus,
  restartAsFull,
  type WaitReason,
} from '@syncline/store';
import type { EngineContext } from '../context.js';
import { endRun } from '../measure/end-run.js';
import { postLetter } from '../recovery/post-letter.js';
import { serviceRest } from './service-rest.js';

/** Failures in a row, without a page in between, after which a run is given up. */
const mostAttempts = 5;
/** What is wrong with the answer itself is rarely cured by asking again. */
const fewAttempts: ReadonlySet<ErrorCode> = new Set(['UPSTREAM_BAD_BODY', 'INTERNAL']);
const mostOfFew = 3;

/** A vendor that does not say for how long. */
const waitMs = 5_000;

/**
 * Gives a failure of an entity run its home: a rest, another attempt, or the end of the run with a failed item.
 *
 * Throws SyncError when the run has failed for good; it is noted then.
 */
export async function settleFailure(
  ctx: EngineContext,
  connection: Connection,
  run: ClaimedRun,
  error: unknown,
): Promise<Verdict> {
  if (isTransientDatabaseError(error) || isSyncError(error, 'BUDGET_UNAVAILABLE')) return serviceRest(ctx, error);
  const failure = error instanceof SyncError ? error : new SyncError('INTERNAL', messageOf(error), { cause: error });
  if (failure.entry.kind === 'wait') {
    const until = failure.resumeAt ?? new Date(Date.now() + waitMs);
    await noteWaiting(ctx.db, run, waitReason(failure.code), until);
    ctx.log.info({ event: 'run.resting', code: failure.code, until }, 'the run rests');
    return { kind: 'rest', until };
  }
  const startOver = whyStartOver(failure.code, run);
  if (startOver !== undefined) {
    await restartAsFull(ctx.db, run, startOver);
    const how = run.mode === 'backfill' ? 'the selection is read from its beginning' : 'the entity is synced in full';
    ctx.log.warn({ event: 'run.restarted', code: failure.code }, `${startOver}; ${how}`);
    return { kind: 'rest', until: new Date() };
  }
  if (failure.code === 'UPSTREAM_BAD_WATERMARK' && run.selection !== null) {
    // Somebody has chosen this time: reading everything instead is not what was meant.
    return giveUp(ctx, connection, run, new SyncError('UPSTREAM_REJECTED', refusedTime(failure), { cause: failure }));
  }
  if (failure.code === 'CURSOR_CYCLE' || failure.code === 'FAILED_ITEMS_FULL') {
    await end(ctx, connection, run, 'partial', failure);
    return { kind: 'done' };
  }
  if (failure.entry.kind === 'transient') {
    const attempt = await noteAttempt(ctx.db, run, failure);
    if (attempt === undefined) return { kind: 'done' };
    if (attempt.attempts < (fewAttempts.has(failure.code) ? mostOfFew : mostAttempts)) {
      ctx.log.warn(
        { event: 'run.retried', err: failure, code: failure.code, ...attempt },
        'the entity run failed and is tried again',
      );
      return { kind: 'rest', until: attempt.until };
    }
  }
  return giveUp(ctx, connection, run, failure);
}

function refusedTime({ message }: SyncError): string {
  return `The vendor does not take the time that the selection begins with: ${message}`;
}

/** The end of a run that has failed for good. Throws the failure. */
async function giveUp(ctx: EngineContext, connection: Connection, run: ClaimedRun, failure: SyncError): Promise<never> {
  ctx.log.error({ event: 'run.failed', err: failure, code: failure.code }, 'the entity run failed');
  // A job's own access says nothing about the connection.
  if (failure.entry.takesDown === 'connection' && !run.adhoc) {
    const status = failure.code === 'UPSTREAM_AUTH' ? 'needs_reauth' : 'error';
    await reportConnectionStatus(ctx.db, connection, status, failure.message);
  }
  await end(ctx, connection, run, 'failed', failure);
  throw failure;
}

/** What a run cannot go on from is not made up for by a guess: everything is read. Once, as there is nothing left to refuse. */
function whyStartOver(code: ErrorCode, run: ClaimedRun): string | undefined {
  if (code === 'UPSTREAM_BAD_WATERMARK' && run.mode === 'incremental') {
    return 'the vendor refused the timestamp of the watermark';
  }
  if (code === 'CURSOR_UNREADABLE' && run.cursor !== undefined) return 'the place to go on from cannot be read';
  return undefined;
}

async function end(
  ctx: EngineContext,
  { connector }: Connection,
  run: ClaimedRun,
  status: 'failed' | 'partial',
  failure: SyncError,
): Promise<void> {
  const { code: errorCode, message: errorMessage } = failure;
  const ended = await endRun(ctx, connector, run, { status, complete: false, errorCode, errorMessage });
  if (!ended || status !== 'failed') return;
  const { syncJobId, entity, epoch } = run;
  const reason = { code: errorCode, message: errorMessage };
  await postLetter(ctx, { kind: 'entity_run', syncJobId, connector, entity, epoch, ...reason });
}

function waitReason(code: ErrorCode): WaitReason {
  if (code === 'BUDGET_WAIT') return 'budget';
  return code === 'CIRCUIT_OPEN' ? 'circuit' : 'vendor_rate_limit';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
