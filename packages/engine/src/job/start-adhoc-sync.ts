import { type Connector, parseUrl, SyncError } from '@syncline/connector-kit';
import { type Connection, insertJobAccess, type JobAccess } from '@syncline/store';
import { baseUrlOf, settingsOf } from '../connection-settings.js';
import { checkCredentials, checkSettings } from '../connections/check-given.js';
import { connectorOf, type EngineContext } from '../context.js';
import { createSync, enqueueSync, type StartedSync, type WholeSyncRequest } from './start-sync.js';

/**
 * Starts a sync of a connection that goes by credentials, or to an address, of its own. They are sealed for this job and
 * erased when it ends, and say nothing about the connection: refused, they do not take it down. What they show goes into
 * its tables; since that may be less than the connection is shown, no watermark moves, nothing is deleted by what was not
 * met, and no place is kept for a next run to go on from.
 *
 * Another host is never sent the connection's own credentials: without some of its own that is refused.
 *
 * Throws like `startSync`, and SyncError VALIDATION_FAILED with the field, EGRESS_REFUSED.
 */
export async function startAdhocSync(
  ctx: Pick<EngineContext, 'db' | 'vault' | 'road' | 'flows' | 'connectors' | 'log'>,
  connection: Connection,
  request: WholeSyncRequest,
  access: JobAccess,
): Promise<StartedSync> {
  const adhocHost = checkAccess(ctx, connectorOf(ctx, connection.connector), connection, access);
  const created = await ctx.db.transaction().execute(async (trx) => {
    const made = await createSync({ db: trx, connectors: ctx.connectors }, connection, { ...request, adhocHost });
    const { id: connectionId, organizationId } = connection;
    await insertJobAccess(trx, ctx.vault, { id: made.jobId, organizationId, connectionId }, access);
    return made;
  });
  return enqueueSync(ctx, created);
}

/** Gives the host that it leads to. */
function checkAccess(
  { road }: Pick<EngineContext, 'road'>,
  connector: Connector,
  connection: Connection,
  { credentials, baseUrl }: JobAccess,
): string {
  // Tokens and findings are kept with the connection, where those of others have no place.
  if (connector.auth.acquire !== undefined || connector.survey !== undefined) {
    throw new SyncError('VALIDATION_FAILED', `${connector.displayName} has no credentials for one sync only`);
  }
  if (credentials !== undefined) checkCredentials(connector, credentials);
  const settings =
    baseUrl === undefined
      ? settingsOf(connector, connection)
      : checkSettings(connector, { ...connection.settings, baseUrl }, road);
  const target = parseUrl(baseUrlOf(connector, settings, credentials));
  if (target === undefined) throw new SyncError('VALIDATION_FAILED', 'is no URL', { field: 'settings.baseUrl' });
  if (credentials === undefined) {
    const own = parseUrl(settingsOf(connector, connection).baseUrl ?? '');
    if (own === undefined || own.origin !== target.origin) {
      const message = 'is needed where baseUrl leads to another host: what the connection has is sent nowhere else';
      throw new SyncError('VALIDATION_FAILED', message, { field: 'credentials' });
    }
  }
  return target.host;
}
