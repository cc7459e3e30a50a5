import { type Connection, readSecrets } from '@syncline/store';
import { credentialsOf } from '../connection-settings.js';
import { connectorOf, type EngineContext } from '../context.js';

/**
 * What a connection's credentials tell about the account without a secret, such as its region.
 *
 * Throws SyncError CREDENTIALS_UNREADABLE, CONNECTION_SETTINGS_INVALID.
 */
export async function aboutConnection(
  ctx: Pick<EngineContext, 'db' | 'vault' | 'connectors'>,
  connection: Connection,
): Promise<Readonly<Record<string, string>>> {
  const connector = connectorOf(ctx, connection.connector);
  if (connector.about === undefined) return {};
  const { credentials } = await readSecrets(ctx.db, ctx.vault, connection);
  return connector.about(credentialsOf(connector, credentials));
}
