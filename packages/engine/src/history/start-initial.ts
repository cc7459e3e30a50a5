import { isSyncError } from '@syncline/connector-kit';
import { type Actor, type Connection, readStates } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { type SyncRequest, startSync } from '../job/start-sync.js';
import { startHistory } from './change-history.js';
import type { HistoryProgress } from './read-history.js';

/**
 * Everything there is, for whoever has just set a connection up: its history, which is read beside all other syncs; and
 * before it the first sync, where there was none, because windows read nothing that has no history.
 *
 * Throws what `startHistory` and `startSync` throw; that a sync is running already is no reason.
 */
export async function startInitial(
  ctx: Pick<EngineContext, 'db' | 'flows' | 'connectors' | 'log'>,
  connection: Connection,
  by: Actor,
): Promise<HistoryProgress> {
  const { organizationId, id } = connection;
  const known = await readStates(ctx.db, organizationId, id);
  if (known.size === 0) {
    const what = { syncType: 'initial', mode: 'incremental', entities: [] } as const;
    const request: SyncRequest = { ...what, trigger: 'manual', triggeredBy: by.actor, by };
    try {
      await startSync(ctx, connection, request);
    } catch (error) {
      if (!isSyncError(error, 'SYNC_ALREADY_RUNNING')) throw error;
    }
  }
  return startHistory(ctx, organizationId, id, by);
}
