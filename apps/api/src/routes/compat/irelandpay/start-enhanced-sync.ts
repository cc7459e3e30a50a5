import { isSyncError, SyncError } from '@syncline/connector-kit';
import { orderOfMode, startAdhocSync, startInitial, startSync } from '@syncline/engine';
import type { Actor, Connection, JobAccess, SyncMode } from '@syncline/store';
import type { TenantContext } from '../../../access/caller.js';
import { historyUrl } from '../../v1/connections/history-answer.js';
import { jobUrl } from '../../v1/get-sync-job.js';

/** The one vendor of these paths. */
export const enhancedConnector = 'irelandpay';

export const enhancedSyncTypes = ['initial', 'daily', 'manual'] as const;
export type EnhancedSyncType = (typeof enhancedSyncTypes)[number];

export interface StartedEnhancedSync {
  /** What it is followed by. */
  readonly syncId: string;
  readonly mode: SyncMode;
  readonly entities: readonly string[];
  readonly enqueued: boolean;
  /** Where it can be followed in the words of this system. */
  readonly statusUrl: string;
}

/**
 * Starts what a sync type of the guide means: the connector's mode of that name. `initial` is the history, followed by its
 * id; with an access of its own, for which nothing can be read later, one full sync.
 *
 * Throws what `startSync` and `startInitial` throw; with an access of its own, what `startAdhocSync` throws.
 */
export async function startEnhancedSync(
  ctx: TenantContext,
  connection: Connection,
  syncType: EnhancedSyncType,
  access: JobAccess | undefined,
  by: Actor,
): Promise<StartedEnhancedSync> {
  const connector = ctx.connectors.find(({ id }) => id === connection.connector);
  if (connector === undefined) throw new SyncError('CONNECTION_NOT_READY', 'This release does not have its connector');
  const order = orderOfMode(connector, syncType, { mode: 'incremental' });
  const request = { syncType, trigger: 'manual', triggeredBy: by.actor, by } as const;
  if (access !== undefined) {
    if (order.mode === 'backfill') throw new Error(`${syncType} is no sync of whole entities`);
    const whole = { ...request, ...order };
    const { jobId, ...started } = await startAdhocSync(ctx, connection, whole, access).catch(inWordsOfTheBody);
    return { syncId: jobId, mode: order.mode, statusUrl: jobUrl(jobId), ...started };
  }
  if (order.mode !== 'backfill' && order.history) {
    const { id: syncId } = await startInitial(ctx, connection, by);
    const entities = connector.entities.map(({ name }) => name);
    return { syncId, mode: 'backfill', entities, enqueued: true, statusUrl: historyUrl(connection.id) };
  }
  const { jobId, ...started } = await startSync(ctx, connection, { ...request, ...order });
  return { syncId: jobId, mode: order.mode, statusUrl: jobUrl(jobId), ...started };
}

const bodyFields: Readonly<Record<string, string>> = {
  credentials: 'apiKey',
  'credentials.apiKey': 'apiKey',
  'settings.baseUrl': 'baseUrl',
};

/** Whoever gave an apiKey has given no credentials. */
function inWordsOfTheBody(error: unknown): never {
  if (!isSyncError(error, 'VALIDATION_FAILED')) throw error;
  const field = bodyFields[error.field ?? ''];
  if (field === undefined) throw error;
  throw new SyncError('VALIDATION_FAILED', error.message, { field });
}
