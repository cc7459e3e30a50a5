import { isSyncError } from '@syncline/connector-kit';
import {
  type BuriedSelection,
  type ClaimedItem,
  type Connection,
  noteRunUnderWay,
  readLatestJobId,
  releaseItem,
  reopenRuns,
} from '@syncline/store';
import type { EngineContext } from '../context.js';
import { continueJob } from '../job/continue-job.js';
import { startSync } from '../job/start-sync.js';

/** When to look again while another job of the connection has its turn. */
const turnSeconds = 3;

/**
 * Tries an entity run, or a whole job, again. If it belongs to the connection's newest job, that one is taken up again
 * and goes on at its checkpoint; else there is a new sync, of the same selection if it was about one. While another job
 * of the connection is live, the item waits for its turn. The item follows what becomes of the sync.
 *
 * Throws what startSync throws, where waiting does not help.
 */
export async function retryRun(
  ctx: EngineContext,
  connection: Connection,
  item: ClaimedItem,
  claim: string,
): Promise<void> {
  try {
    const syncJobId = await carryOut(ctx, connection, item);
    if (syncJobId === undefined) return await releaseItem(ctx.db, claim, item.id, turnSeconds);
    await noteRunUnderWay(ctx.db, item, claim, syncJobId);
    ctx.log.info({ event: 'run.reopened', syncJobId, itemId: item.id }, 'a failed run is tried again');
    // It stands in Postgres: if Redis does not answer, the reconciler lays the flow out.
    await continueJob(ctx, syncJobId);
  } catch (error) {
    if (isSyncError(error, 'SYNC_ALREADY_RUNNING')) return releaseItem(ctx.db, claim, item.id, turnSeconds);
    // A connection that cannot work, or a stop: it is looked at again when that is over.
    if (isSyncError(error, 'CONNECTION_NOT_READY', 'SYNC_STOPPED')) return releaseItem(ctx.db, claim, item.id, 0);
    throw error;
  }
}

/** The job that tries it, or undefined while another one has its turn. */
async function carryOut(ctx: EngineContext, connection: Connection, item: ClaimedItem): Promise<string | undefined> {
  const latest = await readLatestJobId(ctx.db, connection.id);
  if (latest !== undefined && latest === item.syncJobId) {
    const reopened = await reopenRuns(ctx.db, latest, item.entity);
    if (reopened === 'busy') return undefined;
    if (reopened === 'yes') return latest;
  }
  const { jobId } = await startSync(ctx, connection, { ...orderOf(item), trigger: 'recovery', triggeredBy: null });
  return jobId;
}

function orderOf({ entity, payload }: ClaimedItem) {
  if (payload === null) {
    return { syncType: entity || 'incremental', mode: 'incremental', entities: entity === '' ? [] : [entity] } as const;
  }
  // What the sync was about, if that was a selection (see `buryRun`). It stands in the item, because the job may have
  // been cleared away, and a sync of anything else would settle what it has not read.
  const { selection, syncType, entities } = JSON.parse(payload) as BuriedSelection;
  return {
    syncType: entity || syncType,
    mode: 'backfill',
    selection,
    entities: entity === '' ? entities : [entity],
  } as const;
}
