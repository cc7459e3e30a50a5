import { isSyncError, SyncError } from '@syncline/connector-kit';
import { findConnection } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { startSync } from '../job/start-sync.js';
import type { Owner } from './connections.js';

export interface StartSyncOptions {
  /** `incremental`: what changed, and all of an entity that was never read whole. `full`: everything. Default incremental. */
  readonly mode?: 'incremental' | 'full' | undefined;
  /** Entities to sync, with all that they depend on. Default: all. */
  readonly entities?: readonly string[] | undefined;
  /** What to do when the connection is being synced already, which it can be once at a time. Default `refuse`. */
  readonly ifRunning?: 'refuse' | 'follow' | undefined;
}

/** Starts a sync, or gives the one that is under way, where that was asked for. Throws like `Syncline.startSync`. */
export async function startOrFind(
  ctx: EngineContext,
  owner: Owner,
  connectionId: string,
  options: StartSyncOptions,
): Promise<{ jobId: string; isNew: boolean }> {
  const { mode = 'incremental', entities = [], ifRunning = 'refuse' } = options;
  const { organizationId, actor } = owner;
  const connection = await findConnection(ctx.db, organizationId, connectionId);
  if (connection === undefined) throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
  const by = { actor };
  const request = { syncType: mode, mode, entities, trigger: 'manual', triggeredBy: actor, by } as const;
  try {
    return { jobId: (await startSync(ctx, connection, request)).jobId, isNew: true };
  } catch (error) {
    if (error instanceof RangeError) {
      const known = ctx.connectors.find(({ id }) => id === connection.connector)?.entities.map((one) => one.name);
      const message = `${error.message}; it has ${known?.join(', ')}`;
      throw new SyncError('VALIDATION_FAILED', message, { field: 'entities', cause: error });
    }
    if (!isSyncError(error, 'SYNC_ALREADY_RUNNING')) throw error;
    const { runningJobId } = error.details;
    // It has ended in between.
    if (typeof runningJobId !== 'string') return startOrFind(ctx, owner, connectionId, options);
    if (ifRunning === 'follow') return { jobId: runningJobId, isNew: false };
    const message = `The sync ${runningJobId} of this connection is under way; ifRunning: 'follow' follows it`;
    throw new SyncError('SYNC_ALREADY_RUNNING', message, { details: error.details, cause: error });
  }
}
