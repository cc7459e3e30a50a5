import { type Connector, SyncError, type SyncSettings } from '@syncline/connector-kit';
import type { Connection } from '@syncline/store';

/** A connection's settings with the connector's defaults. Throws SyncError CONNECTION_SETTINGS_INVALID. */
export function settingsOf(connector: Connector, connection: Pick<Connection, 'settings'>): SyncSettings {
  const parsed = connector.settings.safeParse(connection.settings);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new SyncError('CONNECTION_SETTINGS_INVALID', `settings.${issue?.path.join('.')}: ${issue?.message}`);
}

/** What an operator should know of a connection's account. Empty where its settings cannot be read: that is said elsewhere. */
export function noticesOf(connectors: readonly Connector[], connection: Pick<Connection, 'connector' | 'settings'>) {
  const connector = connectors.find(({ id }) => id === connection.connector);
  const parsed = connector?.settings.safeParse(connection.settings);
  return (parsed?.success && connector?.notices?.(parsed.data)) || [];
}

/** Credentials as the connector knows them. Throws SyncError CONNECTION_SETTINGS_INVALID, naming the field only. */
export function credentialsOf(connector: Connector, stored: unknown): unknown {
  const parsed = connector.credentials.safeParse(stored);
  if (parsed.success) return parsed.data;
  throw new SyncError(
    'CONNECTION_SETTINGS_INVALID',
    `credentials: ${parsed.error.issues[0]?.path.join('.')} is not valid`,
  );
}

/** Where a connection's requests go. Throws SyncError CONNECTION_SETTINGS_INVALID where neither of the two says it. */
export function baseUrlOf(connector: Connector, settings: SyncSettings, credentials: unknown): string {
  const baseUrl = settings.baseUrl ?? connector.baseUrl?.(credentials);
  if (baseUrl !== undefined) return baseUrl;
  throw new SyncError('CONNECTION_SETTINGS_INVALID', 'settings.baseUrl: is missing');
}
