import { randomUUID } from 'node:crypto';
import { entityOf } from '@syncline/connector-kit';
import type { Turn, Verdict, WakeUpPayload } from '@syncline/queue';
import {
  type Connection,
  claimSignals,
  findRecoverable,
  type ItemPlace,
  isTransientDatabaseError,
  releaseSignals,
  signalTimes,
  takeOverSignals,
} from '@syncline/store';
import { connectorOf, type EngineContext } from '../context.js';
import { serviceRest } from '../run/service-rest.js';
import { gatherMs } from './delivery-intake.js';
import { refetchRecords } from './refetch-records.js';
import { startSignalledSync } from './start-signalled-sync.js';

const done: Verdict = { kind: 'done' };

/** Records in hand at once: what a crash costs, and how much is written in one transaction. */
const batchSize = 20;
/** Longer than a batch of the largest pages takes with the budget of the slowest vendor: what runs out is fetched in vain. */
const claimSeconds = 1_800;
/** Where something came so lately, more may come while this turn ends: it would find the job there, and be left to wait. */
const lingerMs = 10_000;
/** What is due later than that is woken by the reconciler. */
const soonMs = 15_000;

/**
 * One turn of asking again for what webhooks told of: an entity of a connection, batch by batch, until nothing is due.
 * While the organization is stopped, or the connection cannot work, all of it waits.
 */
export async function refetchSignalled(ctx: EngineContext, turn: Turn<WakeUpPayload>): Promise<Verdict> {
  const { connectionId, entity } = turn.payload;
  const scoped = { ...ctx, log: ctx.log.child({ connectionId, entity }) };
  try {
    return await takeTurn(scoped, turn);
  } catch (error) {
    if (isTransientDatabaseError(error)) return serviceRest(scoped, error);
    throw error;
  }
}

async function takeTurn(ctx: EngineContext, turn: Turn<WakeUpPayload>): Promise<Verdict> {
  const { organizationId, connectionId, entity } = turn.payload;
  const place: ItemPlace = { organizationId, connectionId, entity };
  // There is one such job at a time: whoever has some of it in hand has died, or has lost its lock.
  await takeOverSignals(ctx.db, place);
  for (;;) {
    if (turn.signal.aborted) return { kind: 'hand-back' };
    const connection = await findRecoverable(ctx.db, place);
    if (connection === undefined) return done;
    const verdict = await takeBatch(ctx, turn, place, connection);
    if (verdict !== undefined) return verdict;
    if (await turn.othersWait()) return { kind: 'yield' };
  }
}

/** Takes some records in hand and does what can be done; gives a verdict when nothing is left to do for now. */
async function takeBatch(
  ctx: EngineContext,
  turn: Turn<WakeUpPayload>,
  place: ItemPlace,
  connection: Connection,
): Promise<Verdict | undefined> {
  const claim = randomUUID();
  const signals = await claimSignals(ctx.db, place, { claim, seconds: claimSeconds, limit: batchSize });
  if (signals.length === 0) return untilNext(ctx, place);
  try {
    const connector = connectorOf(ctx, connection.connector);
    const entity = entityOf(connector, place.entity);
    const work = { connector, entity, connection, claim, signal: turn.signal };
    if (signals.some(({ vendorId }) => vendorId === '')) await startSignalledSync(ctx, work);
    const records = signals.filter(({ vendorId }) => vendorId !== '');
    return records.length === 0 ? undefined : await refetchRecords(ctx, work, records);
  } finally {
    // What was not come to is due as before. If that fails the next turn takes it over.
    await releaseSignals(ctx.db, claim).catch((error: unknown) => {
      ctx.log.warn({ err: error }, 'records could not be given back; the next turn takes them over');
    });
  }
}

async function untilNext(ctx: EngineContext, place: ItemPlace): Promise<Verdict> {
  const { msUntilDue, msSinceLast } = await signalTimes(ctx.db, place);
  if (msUntilDue !== undefined && msUntilDue < soonMs) {
    return { kind: 'rest', until: new Date(Date.now() + Math.max(20, msUntilDue)) };
  }
  const isLively = msSinceLast !== undefined && msSinceLast < lingerMs;
  return isLively ? { kind: 'rest', until: new Date(Date.now() + gatherMs) } : done;
}
