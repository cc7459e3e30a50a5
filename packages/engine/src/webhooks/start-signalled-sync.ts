import { isSyncError } from '@syncline/connector-kit';
import { releaseSignals, settleAsSync } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { createSync, enqueueSync, type SyncRequest } from '../job/start-sync.js';
import type { SignalWork } from './refetch-records.js';

/** A sync that runs may have read past what changed: there will be another one. */
const runningSeconds = 20;
/** Somebody has to do something first. */
const refusedSeconds = 300;

/**
 * Starts an incremental sync of an entity that a webhook told of as a whole. The sync and the end of the signal are one
 * transaction: it is started once. What is in the way now is waited for.
 */
export async function startSignalledSync(
  ctx: EngineContext,
  { connection, entity, claim }: Pick<SignalWork, 'connection' | 'entity' | 'claim'>,
): Promise<void> {
  const request: SyncRequest = {
    ...{ syncType: 'webhook', mode: 'incremental' as const, entities: [entity.name] },
    ...{ trigger: 'webhook' as const, triggeredBy: null },
  };
  try {
    const created = await ctx.db.transaction().execute(async (trx) => {
      const sync = await createSync({ ...ctx, db: trx }, connection, request);
      await settleAsSync(trx, claim);
      return sync;
    });
    await enqueueSync(ctx, created);
  } catch (error) {
    if (!isSyncError(error)) throw error;
    const seconds = error.code === 'SYNC_ALREADY_RUNNING' ? runningSeconds : refusedSeconds;
    ctx.log.info({ code: error.code, seconds }, 'the sync that a webhook asks for has to wait');
    await releaseSignals(ctx.db, claim, { vendorIds: [''], seconds });
  }
}
