import { type Connector, SyncError } from '@syncline/connector-kit';

/** The modes of the guide. A connector may have some of them; `comprehensive` is everything of any. */
export const syncModes = ['comprehensive', 'basic', 'patients-only', 'active'] as const;
export type SyncModeName = (typeof syncModes)[number];

/** What is to be synced of a connection. */
export interface Order {
  readonly syncType: string;
  readonly mode: 'full' | 'incremental';
  /** With all they depend on; empty for all. */
  readonly entities: readonly string[];
}

/** What changed since the last time, of everything. */
export const allChanges: Order = { syncType: 'incremental', mode: 'incremental', entities: [] };

/**
 * What a mode means for a connector: `comprehensive` reads all of it, the others what changed of their entities.
 *
 * Throws SyncError VALIDATION_FAILED (field `mode`) when the connector does not have it.
 */
export function orderOf(connector: Connector, name: SyncModeName): Order {
  const mode = connector.modes?.[name];
  if (name === 'comprehensive') return { syncType: name, mode: 'full', entities: mode?.entities ?? [] };
  if (mode !== undefined) return { syncType: name, mode: 'incremental', entities: mode.entities };
  const known = ['comprehensive', ...Object.keys(connector.modes ?? {})];
  const message = `${connector.displayName} has no mode ${name}; it has ${[...new Set(known)].join(', ')}`;
  throw new SyncError('VALIDATION_FAILED', message, { field: 'mode' });
}
