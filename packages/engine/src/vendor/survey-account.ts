import type { Connector, SyncSettings, VendorClient } from '@syncline/connector-kit';
import { type Connection, lockConnection, updateConnection } from '@syncline/store';
import { settingsOf } from '../connection-settings.js';
import type { EngineContext } from '../context.js';

/**
 * Has the connector look at the account, and keeps what it found with the connection's settings. Gives the settings to
 * go on with. `begins`: nothing of the run was read yet.
 *
 * Throws what the connector throws, and SyncError CONNECTION_SETTINGS_INVALID.
 */
export async function surveyAccount(
  ctx: Pick<EngineContext, 'db' | 'log'>,
  connector: Connector,
  connection: Connection,
  client: VendorClient,
  begins: boolean,
): Promise<SyncSettings> {
  const settings = settingsOf(connector, connection);
  const found = await connector.survey?.(client, settings, begins);
  if (found === undefined) return settings;
  for (const notice of found.notices) ctx.log.warn({ notice }, 'the account is not as it was');
  const merged = await ctx.db.transaction().execute(async (trx) => {
    // What an operator has set since stays; what was found is the connector's own.
    const current = (await lockConnection(trx, connection.organizationId, connection.id)) ?? connection;
    const next = { ...current.settings, ...found.settings };
    await updateConnection(trx, connection, { name: current.name, settings: next });
    return next;
  });
  return settingsOf(connector, { settings: merged });
}
