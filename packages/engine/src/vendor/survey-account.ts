import { type Connector, SyncError, type SyncSettings, type VendorClient } from '@syncline/connector-kit';
import { type ClaimedRun, type Connection, forgetStates, lockConnection, updateConnection } from '@syncline/store';
import { settingsOf } from '../connection-settings.js';
import type { EngineContext } from '../context.js';

/**
 * Has the connector look at the account, and keeps what it found with the connection's settings. Gives the settings to
 * go on with. Where that is another account than before, what is known of the old one (watermarks, places to go on from)
 * goes in the same transaction: a first full run that fails must not leave a watermark to a later incremental one.
 *
 * Throws what the connector throws, SyncError CONNECTION_SETTINGS_INVALID; and UPSTREAM_BAD_WATERMARK or CURSOR_UNREADABLE,
 * with nothing kept, when the run would go on from where it is at another place: it has to read everything first.
 */
export async function surveyAccount(
  ctx: Pick<EngineContext, 'db' | 'log'>,
  connector: Connector,
  connection: Connection,
  client: VendorClient,
  run: Pick<ClaimedRun, 'mode' | 'pages' | 'cursor'>,
): Promise<SyncSettings> {
  const settings = settingsOf(connector, connection);
  const found = await connector.survey?.(client, settings, run.pages === 0);
  if (found === undefined) return settings;
  if (found.startsOver && run.mode === 'incremental') {
    throw new SyncError('UPSTREAM_BAD_WATERMARK', 'What was read until now is of another account');
  }
  if (found.startsOver && run.cursor !== undefined) throw new SyncError('CURSOR_UNREADABLE');
  for (const notice of found.notices)
    ctx.log.warn({ event: 'account.changed', notice }, 'the account is not as it was');
  const merged = await ctx.db.transaction().execute(async (trx) => {
    // What an operator has set since stays; what was found is the connector's own.
    const current = (await lockConnection(trx, connection.organizationId, connection.id)) ?? connection;
    const next = { ...current.settings, ...found.settings };
    if (found.startsOver) await forgetStates(trx, connection, 'the connection leads to another account');
    await updateConnection(trx, connection, { name: current.name, settings: next });
    return next;
  });
  return settingsOf(connector, { settings: merged });
}
