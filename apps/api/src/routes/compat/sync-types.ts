import { type Connector, SyncError } from '@syncline/connector-kit';
import type { SyncRequest } from '@syncline/engine';
import { compatConnector } from './choose-connection.js';

type Mode = SyncRequest['mode'];

/** What can be asked for: each entity by its name, or all of them by the mode. */
export function syncTypesOf(connectors: readonly Connector[]): [string, ...string[]] {
  const connector = connectors.find(({ id }) => id === compatConnector);
  return ['full', 'incremental', ...(connector?.entities ?? []).map(({ name }) => name)];
}

/**
 * What a sync type means: `full` and `incremental` are all entities in that mode, an entity's name is that entity and
 * what it depends on, incremental unless asked otherwise.
 *
 * Throws SyncError VALIDATION_FAILED when type and mode contradict each other.
 */
export function readSyncType(syncType: string, mode: Mode | undefined): Pick<SyncRequest, 'mode' | 'entities'> {
  if (syncType !== 'full' && syncType !== 'incremental') return { mode: mode ?? 'incremental', entities: [syncType] };
  if (mode !== undefined && mode !== syncType) {
    const message = `syncType ${syncType} is in mode ${syncType}; leave mode out, or name an entity as syncType`;
    throw new SyncError('VALIDATION_FAILED', message, { field: 'mode' });
  }
  return { mode: syncType, entities: [] };
}
