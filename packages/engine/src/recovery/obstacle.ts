import { isSyncError } from '@syncline/connector-kit';
import type { Verdict } from '@syncline/queue';
import { type Connection, isTransientDatabaseError, reportConnectionStatus } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { serviceRest } from '../run/service-rest.js';

interface AtWork {
  readonly connection: Connection;
  readonly signal: AbortSignal;
}

/** A vendor that does not say for how long it is to be left alone, or cannot be reached. */
const vendorRestMs = 15_000;

/** A connection that somebody has to put right. */
const connectionRestMs = 300_000;

/**
 * What to do with a turn that asks for records one by one, after an error that is not about one of them. Undefined where
 * the next record may fare better.
 */
export async function verdictOn(
  ctx: Pick<EngineContext, 'db' | 'log'>,
  { connection, signal }: AtWork,
  error: unknown,
): Promise<Verdict | undefined> {
  if (signal.aborted) return { kind: 'hand-back' };
  if (isTransientDatabaseError(error) || isSyncError(error, 'BUDGET_UNAVAILABLE')) return serviceRest(ctx, error);
  if (!isSyncError(error)) return undefined;
  ctx.log.info(
    { event: 'records.resting', code: error.code, until: error.resumeAt },
    'records that were asked for one by one have to wait',
  );
  if (error.entry.takesDown !== 'connection') {
    return { kind: 'rest', until: error.resumeAt ?? new Date(Date.now() + vendorRestMs * (0.5 + Math.random())) };
  }
  if (error.code === 'UPSTREAM_AUTH') {
    await reportConnectionStatus(ctx.db, connection, 'needs_reauth', error.message);
    return { kind: 'done' };
  }
  if (connection.status === 'active') {
    await reportConnectionStatus(ctx.db, connection, 'error', error.message);
  }
  return { kind: 'rest', until: new Date(Date.now() + connectionRestMs) };
}

/** A vendor that fails while it looks for this record, or a bug. Waits, services of ours and the connection are not. */
export function countsAsAttempt(signal: AbortSignal, error: unknown): boolean {
  if (signal.aborted || isTransientDatabaseError(error)) return false;
  if (!isSyncError(error)) return true;
  return error.entry.kind !== 'wait' && error.entry.takesDown === 'entity';
}
