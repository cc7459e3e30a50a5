import { isSyncError } from '@syncline/connector-kit';
import { type ClaimedSignal, type ItemPlace, releaseSignals, secondsSinceSync, settleAsSync } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { createSync, enqueueSync, type SyncRequest } from '../job/start-sync.js';
import { measureLags } from '../measure/measure-lags.js';
import type { SignalWork } from './refetch-records.js';

/** A sync that runs may have read past what changed: there will be another one. */
const runningSeconds = 20;
/** Somebody has to do something first. */
const refusedSeconds = 300;

/**
 * Starts a sync of what a webhook told of: incremental for an entity as a whole; for some days of it, these alone. The sync
 * and the end of the signal are one transaction: it is started once. What is in the way now is waited for.
 */
export async function startSignalledSync(
  ctx: EngineContext,
  { connection, claim }: Pick<SignalWork, 'connection' | 'claim'>,
  place: ItemPlace,
  signal: ClaimedSignal,
): Promise<void> {
  const { vendorId, restSeconds } = signal;
  const restsFor = restSeconds === 0 ? 0 : restSeconds - ((await secondsSinceSync(ctx.db, place)) ?? restSeconds);
  if (restsFor > 0) return releaseSignals(ctx.db, claim, { vendorIds: [vendorId], seconds: restsFor });
  try {
    const { sync, lags } = await ctx.db.transaction().execute(async (trx) => {
      const sync = await createSync({ ...ctx, db: trx }, connection, requestFor(place.entity, signal));
      return { sync, lags: await settleAsSync(trx, claim, vendorId) };
    });
    measureLags(ctx, connection.connector, lags);
    await enqueueSync(ctx, sync);
  } catch (error) {
    if (!isSyncError(error)) throw error;
    const seconds = error.code === 'SYNC_ALREADY_RUNNING' ? runningSeconds : refusedSeconds;
    ctx.log.info(
      { event: 'webhook.sync_postponed', code: error.code, seconds },
      'the sync that a webhook asks for has to wait',
    );
    await releaseSignals(ctx.db, claim, { vendorIds: [vendorId], seconds });
  }
}

function requestFor(entity: string, { span }: ClaimedSignal): SyncRequest {
  const order = { syncType: 'webhook', trigger: 'webhook', triggeredBy: null } as const;
  if (span === null) return { ...order, mode: 'incremental', entities: [entity] };
  const selection = { from: `${span.from}T00:00:00.000Z`, to: `${span.to}T23:59:59.999Z` };
  return { ...order, mode: 'backfill', entities: [...span.with, entity], alone: true, selection };
}
