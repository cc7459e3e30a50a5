import { randomUUID } from 'node:crypto';
import { entityOf } from '@syncline/connector-kit';
import type { Turn, Verdict, WakeUpPayload } from '@syncline/queue';
import {
  type ClaimedSignal,
  claimSignals,
  type ItemPlace,
  releaseSignals,
  signalTimes,
  takeOverSignals,
} from '@syncline/store';
import { connectorOf, type EngineContext } from '../context.js';
import { type DueTurn, workOnDue } from '../run/due-work.js';
import { gatherMs } from './delivery-intake.js';
import { refetchRecords } from './refetch-records.js';
import { startSignalledSync } from './start-signalled-sync.js';

const done: Verdict = { kind: 'done' };

/** Records in hand at once: what a crash costs, and whom the first one waits for before it is written. */
const batchSize = 8;
/** Longer than a batch of the largest pages takes with the budget of the slowest vendor: what runs out is fetched in vain. */
const claimSeconds = 1_800;
/** Where something came so lately, more may come while this turn ends: it would find the job there, and be left to wait. */
const lingerMs = 10_000;
/** What is due later than that is woken by the reconciler. */
const soonMs = 15_000;

/** One turn of asking again for what webhooks told of. */
export function refetchSignalled(ctx: EngineContext, turn: Turn<WakeUpPayload>): Promise<Verdict> {
  return workOnDue(ctx, turn, { takeOver: ({ db }, place) => takeOverSignals(db, place), takeBatch });
}

async function takeBatch(ctx: EngineContext, { turn, place, connection }: DueTurn): Promise<Verdict | undefined> {
  const claim = randomUUID();
  const signals = await claimSignals(ctx.db, place, { claim, seconds: claimSeconds, limit: batchSize });
  if (signals.length === 0) return untilNext(ctx, place);
  try {
    const connector = connectorOf(ctx, connection.connector);
    const entity = entityOf(connector, place.entity);
    const work = { connector, entity, connection, claim, signal: turn.signal };
    const isForSync = ({ vendorId, span }: ClaimedSignal) => vendorId === '' || span !== null;
    for (const signal of signals.filter(isForSync)) await startSignalledSync(ctx, work, place, signal);
    const records = signals.filter((signal) => !isForSync(signal));
    return records.length === 0 ? undefined : await refetchRecords(ctx, work, records);
  } finally {
    // What was not come to is due as before. If that fails the next turn takes it over.
    await releaseSignals(ctx.db, claim).catch((error: unknown) => {
      ctx.log.warn(
        { event: 'webhook.not_given_back', err: error },
        'records could not be given back; the next turn takes them over',
      );
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
