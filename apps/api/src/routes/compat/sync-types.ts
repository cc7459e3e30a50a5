import { type Connector, SyncError } from '@syncline/connector-kit';
import type { Selection } from '@syncline/store';
import { compatConnector } from './choose-connection.js';
import { readSelection, type SelectionRequest } from './read-selection.js';

/** What can be asked for: each entity by its name, or all of them by the mode. */
export function syncTypesOf(connectors: readonly Connector[]): [string, ...string[]] {
  const connector = connectors.find(({ id }) => id === compatConnector);
  return ['full', 'incremental', ...(connector?.entities ?? []).map(({ name }) => name)];
}

interface Asked {
  readonly syncType: string;
  readonly mode?: WholeMode | undefined;
  readonly selection?: SelectionRequest | undefined;
}

type WholeMode = 'full' | 'incremental';

/** What is to be synced, and how. */
export type Order =
  | { readonly mode: WholeMode; readonly entities: readonly string[]; readonly selection?: undefined }
  | { readonly mode: 'backfill'; readonly entities: readonly string[]; readonly selection: Selection };

/**
 * What a sync type means: `full` and `incremental` are all entities in that mode, an entity's name is that entity and
 * what it depends on, incremental unless asked otherwise. With a selection it only says of which entities.
 *
 * Throws SyncError VALIDATION_FAILED when type, mode and selection contradict each other.
 */
export function readOrder({ syncType, mode, selection }: Asked, now: Date): Order {
  const ofOneEntity = syncType !== 'full' && syncType !== 'incremental';
  const entities = ofOneEntity ? [syncType] : [];
  if (selection !== undefined) {
    const why = 'mode does not go with a selection, which is read as it is: leave one of the two out';
    if (mode !== undefined) throw new SyncError('VALIDATION_FAILED', why, { field: 'mode' });
    return { mode: 'backfill', entities, selection: readSelection(selection, ofOneEntity, now) };
  }
  if (ofOneEntity) return { mode: mode ?? 'incremental', entities };
  if (mode !== undefined && mode !== syncType) {
    const message = `syncType ${syncType} is in mode ${syncType}; leave mode out, or name an entity as syncType`;
    throw new SyncError('VALIDATION_FAILED', message, { field: 'mode' });
  }
  return { mode: syncType, entities };
}
