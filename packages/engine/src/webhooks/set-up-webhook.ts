import { type Connector, SyncError } from '@syncline/connector-kit';
import {
  type Actor,
  awaitHandshake,
  type Connection,
  findConnection,
  forgetWebhookKeys,
  readSecrets,
  readWebhookKeys,
  recordAudit,
} from '@syncline/store';
import { credentialsOf } from '../connection-settings.js';
import { connectorOf, type EngineContext } from '../context.js';

/** How long a handshake is awaited. */
const awaitedMinutes = 60;

/**
 * Has the connection accept the key that the vendor will offer within the hour. A key that is there goes on until then,
 * and for a day after if it was proved.
 *
 * Throws SyncError CONNECTION_NOT_FOUND; VALIDATION_FAILED for a vendor that has no webhooks.
 */
export async function expectWebhookKey(
  ctx: Pick<EngineContext, 'db' | 'connectors'>,
  organizationId: string,
  id: string,
  by: Actor,
): Promise<void> {
  const connection = await withWebhooks(ctx, organizationId, id);
  await ctx.db.transaction().execute(async (trx) => {
    await awaitHandshake(trx, connection, awaitedMinutes);
    const entry = { action: 'webhook.await', subjectKind: 'connection', subjectId: id };
    await recordAudit(trx, { organizationId, ...by, ...entry });
  });
}

/**
 * Forgets the keys that came in handshakes: deliveries that are signed with them are refused within seconds. One that
 * belongs to the credentials stays.
 *
 * Throws as `expectWebhookKey` does.
 */
export async function dropWebhookKey(
  ctx: Pick<EngineContext, 'db' | 'connectors'>,
  organizationId: string,
  id: string,
  by: Actor,
): Promise<void> {
  const connection = await withWebhooks(ctx, organizationId, id);
  await ctx.db.transaction().execute(async (trx) => {
    await forgetWebhookKeys(trx, connection);
    const entry = { action: 'webhook.forget', subjectKind: 'connection', subjectId: id };
    await recordAudit(trx, { organizationId, ...by, ...entry });
  });
}

/**
 * The key that the vendor has offered, for an operator to paste there, until the first delivery has proved that it is in
 * use: from then on it is told to nobody. Undefined when there is none to be told.
 *
 * Throws as `expectWebhookKey` does, and CREDENTIALS_UNREADABLE.
 */
export async function unprovenWebhookKey(
  ctx: Pick<EngineContext, 'db' | 'vault' | 'connectors'>,
  organizationId: string,
  id: string,
): Promise<string | undefined> {
  const { newest, verifiedAt } = await readWebhookKeys(ctx.db, ctx.vault, await withWebhooks(ctx, organizationId, id));
  return verifiedAt === null ? newest : undefined;
}

/**
 * Whether deliveries for a connection can be signed with anything. Throws SyncError CREDENTIALS_UNREADABLE,
 * CONNECTION_SETTINGS_INVALID.
 */
export async function hasWebhookKey(
  ctx: Pick<EngineContext, 'db' | 'vault' | 'connectors'>,
  connection: Connection,
): Promise<boolean> {
  const connector = connectorOf(ctx, connection.connector);
  if ((await readWebhookKeys(ctx.db, ctx.vault, connection)).newest !== undefined) return true;
  const { credentials } = await readSecrets(ctx.db, ctx.vault, connection);
  return (connector.webhooks?.keys(credentialsOf(connector, credentials)) ?? []).length > 0;
}

async function withWebhooks(
  ctx: Pick<EngineContext, 'db' | 'connectors'>,
  organizationId: string,
  id: string,
): Promise<Connection> {
  const connection = await findConnection(ctx.db, organizationId, id);
  if (connection === undefined) throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
  const connector: Connector = connectorOf(ctx, connection.connector);
  if (connector.webhooks !== undefined) return connection;
  throw new SyncError('VALIDATION_FAILED', `${connector.displayName} does not tell of changes`, { field: 'id' });
}
