import { isSyncError, SyncError } from '@syncline/connector-kit';
import type { Turn, Verdict, WakeUpPayload } from '@syncline/queue';
import {
  type ClaimedVerification,
  type Connection,
  claimVerification,
  endRepair,
  endVerification,
  findRecoverable,
  isStatementTimeout,
  isTransientDatabaseError,
  listVerifiedEntities,
  noteVerificationRest,
} from '@syncline/store';
import { connectorOf, type EngineContext } from '../context.js';
import { serviceRest } from '../run/service-rest.js';
import { repairFindings } from './repair-findings.js';
import { verifyEntity } from './verify-entity.js';

const done: Verdict = { kind: 'done' };

/** Failures in a row, without a page in between, after which a verification is given up. */
const mostAttempts = 5;
const retryMs = 5_000;
/** A vendor that does not say for how long. */
const waitMs = 5_000;

/**
 * One turn over a connection's verification: goes on where it stands, and ends it or says when to go on. It may run
 * beside a sync: it writes nothing, and what is written meanwhile is not judged. While the organization is stopped, or the
 * connection cannot work, it stays as it is.
 */
export async function verifyConnection(ctx: EngineContext, turn: Turn<WakeUpPayload>): Promise<Verdict> {
  const { organizationId, connectionId } = turn.payload;
  try {
    const connection = await findRecoverable(ctx.db, { organizationId, connectionId });
    const held = connection && (await claimVerification(ctx.db, { organizationId, connectionId }));
    if (connection === undefined || held === undefined) return done;
    const log = ctx.log.child({ organizationId, connectionId, verificationId: held.id, epoch: held.epoch });
    return await carryOn({ ...ctx, log }, turn, connection, held);
  } catch (error) {
    if (isTransientDatabaseError(error)) return serviceRest(ctx, error);
    throw error;
  }
}

async function carryOn(
  ctx: EngineContext,
  turn: Turn<WakeUpPayload>,
  connection: Connection,
  held: ClaimedVerification,
): Promise<Verdict> {
  try {
    if (held.repairs) return await repairFindings(ctx, connection, held);
    const connector = connectorOf(ctx, connection.connector);
    for (;;) {
      const entity = (await listVerifiedEntities(ctx.db, held.id)).find(({ status }) => status !== 'done');
      if (entity === undefined) break;
      const end = await verifyEntity(ctx, { connector, connection, held, turn }, entity);
      if (end === 'stopping') return { kind: 'hand-back' };
      if (end === 'slice-over') return { kind: 'yield' };
      // Whoever lets it go on has the reconciler find it.
      if (end === 'paused') return done;
    }
    await endVerification(ctx.db, held, { status: 'done' });
    ctx.log.info({ event: 'verification.done' }, 'verification done');
    return done;
  } catch (error) {
    return await settleTrouble(ctx, turn, held, error);
  }
}

/** Rests for what passes, tries again what may, and ends it for anything else. */
async function settleTrouble(
  ctx: EngineContext,
  turn: Turn<WakeUpPayload>,
  held: ClaimedVerification,
  error: unknown,
): Promise<Verdict> {
  if (isSyncError(error, 'FENCED_OUT')) return done;
  if (turn.signal.aborted) return { kind: 'hand-back' };
  // Rows that are too many for one statement will be so again: that has an end.
  const isTooSlow = isStatementTimeout(error);
  const isAway = isTransientDatabaseError(error) && !isTooSlow;
  if (isAway || isSyncError(error, 'BUDGET_UNAVAILABLE')) return serviceRest(ctx, error);
  const otherCode = isTooSlow ? 'DATABASE_UNAVAILABLE' : 'INTERNAL';
  const failure = error instanceof SyncError ? error : new SyncError(otherCode, String(error), { cause: error });
  const { code, message } = failure;
  if (failure.entry.kind === 'wait') {
    const until = failure.resumeAt ?? new Date(Date.now() + waitMs);
    await noteVerificationRest(ctx.db, held, { waitingFor: code, until });
    return { kind: 'rest', until };
  }
  if (failure.entry.kind === 'transient') {
    const until = new Date(Date.now() + retryMs * (0.5 + Math.random()));
    const attempts = await noteVerificationRest(ctx.db, held, { waitingFor: code, until, isAttempt: true });
    ctx.log.warn(
      { event: 'verification.retried', err: failure, code, attempts },
      'the verification failed and is tried again',
    );
    if (attempts < mostAttempts) return { kind: 'rest', until };
  }
  ctx.log.error({ event: 'verification.failed', err: failure, code }, 'the verification failed');
  if (held.repairs) await endRepair(ctx.db, held, message);
  else await endVerification(ctx.db, held, { status: 'failed', errorCode: code, errorMessage: message });
  return done;
}
