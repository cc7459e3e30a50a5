import { type Connector, SyncError } from '@syncline/connector-kit';
import { type ModeOrder, orderOfMode } from '@syncline/engine';

/** The modes of the guide. A connector may have some of them; `comprehensive` is everything of any. */
export const syncModes = ['comprehensive', 'basic', 'patients-only', 'active'] as const;
export type SyncModeName = (typeof syncModes)[number];

/** What is to be synced of a connection. */
export type Order = ModeOrder & { readonly syncType: string };

/** What changed since the last time, of everything. */
export const allChanges: Order = { syncType: 'incremental', mode: 'incremental', entities: [] };

/**
 * What a mode means for a connector: `comprehensive` reads all of it, the others what changed of their entities, or what
 * belongs to their scope.
 *
 * Throws SyncError VALIDATION_FAILED (field `mode`) when the connector does not have it.
 */
export function orderOf(connector: Connector, name: SyncModeName): Order {
  const { modes = {}, displayName } = connector;
  if (name in modes) {
    return {
      syncType: name,
      ...orderOfMode(connector, name, { mode: name === 'comprehensive' ? 'full' : 'incremental' }),
    };
  }
  if (name === 'comprehensive') return { syncType: name, mode: 'full', entities: [] };
  const known = ['comprehensive', ...Object.keys(modes)].join(', ');
  throw new SyncError('VALIDATION_FAILED', `${displayName} has no mode ${name}; it has ${known}`, { field: 'mode' });
}
