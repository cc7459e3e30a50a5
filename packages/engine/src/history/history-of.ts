import type { Connector } from '@syncline/connector-kit';
import type { Connection } from '@syncline/store';
import { settingsOf } from '../connection-settings.js';
import { monthOf } from './months.js';

/** The names of a connector's entities that have a history, in the order they are synced. */
export function entitiesOfHistory({ entities }: Pick<Connector, 'entities'>): string[] {
  return entities.filter(({ history }) => history).map(({ name }) => name);
}

/**
 * The months that a connection's history is about when it begins now. Undefined for a connector without one.
 *
 * Throws SyncError CONNECTION_SETTINGS_INVALID.
 */
export function monthsOfHistory(
  connector: Connector,
  connection: Pick<Connection, 'settings'>,
  now: Date,
): { readonly firstMonth: string; readonly lastMonth: string } | undefined {
  const first = connector.history?.from(settingsOf(connector, connection));
  if (first === undefined) return undefined;
  const lastMonth = monthOf(now);
  // One that begins in the future has the present month: there is nothing to say about less.
  if (first > lastMonth) return { firstMonth: lastMonth, lastMonth };
  return { firstMonth: first, lastMonth };
}
