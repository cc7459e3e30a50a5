import { SyncError } from '@syncline/connector-kit';
import {
  type Actor,
  awaitHandshake,
  type Connection,
  findConnection,
  forgetWebhookKeys,
  readSecrets,
  readWebhookKeys,
  recordAudit,
  replaceWebhookKey,
} from '@syncline/store';
import { connectorOf, type EngineContext } from '../context.js';
import { keysGiven, type Source } from './known-keys.js';
import { newPathToken } from './path-token.js';

/** How long a handshake is awaited. */
const awaitedMinutes = 60;

/**
 * Has the connection accept the key that the vendor will offer within the hour. For a vendor that does not sign, makes the
 * token of a path, and gives it: it is kept as a digest, and told to nobody again. A key or a token that is there goes on
 * until then, and for a day after if it was proved.
 *
 * Throws SyncError CONNECTION_NOT_FOUND; VALIDATION_FAILED for a vendor that has no webhooks; CREDENTIALS_UNREADABLE.
 */
export async function beginWebhook(
  ctx: Pick<EngineContext, 'db' | 'vault' | 'connectors'>,
  organizationId: string,
  id: string,
  by: Actor,
): Promise<string | undefined> {
  const { connection, proof } = await withWebhooks(ctx, organizationId, id);
  const made = proof === 'path' ? newPathToken() : undefined;
  await ctx.db.transaction().execute(async (trx) => {
    if (made === undefined) await awaitHandshake(trx, connection, awaitedMinutes);
    else if (!(await replaceWebhookKey(trx, ctx.vault, connection, made.digest))) throw notFound();
    const action = made === undefined ? 'webhook.await' : 'webhook.token';
    await recordAudit(trx, { organizationId, ...by, action, subjectKind: 'connection', subjectId: id });
  });
  return made?.token;
}

/**
 * Forgets the keys that came in handshakes, or the tokens of paths: deliveries by them are refused within seconds. A key that
 * belongs to the credentials stays.
 *
 * Throws as `beginWebhook` does.
 */
export async function dropWebhookKey(
  ctx: Pick<EngineContext, 'db' | 'connectors'>,
  organizationId: string,
  id: string,
  by: Actor,
): Promise<void> {
  const { connection } = await withWebhooks(ctx, organizationId, id);
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
 * Throws as `beginWebhook` does.
 */
export async function unprovenWebhookKey(
  ctx: Pick<EngineContext, 'db' | 'vault' | 'connectors'>,
  organizationId: string,
  id: string,
): Promise<string | undefined> {
  const { connection, proof } = await withWebhooks(ctx, organizationId, id);
  const { newest, verifiedAt } = await readWebhookKeys(ctx.db, ctx.vault, connection);
  return proof === 'signature' && verifiedAt === null ? newest : undefined;
}

/**
 * Whether deliveries for a connection can be proved by anything. Throws SyncError CREDENTIALS_UNREADABLE,
 * CONNECTION_SETTINGS_INVALID.
 */
export async function hasWebhookKey(
  ctx: Pick<EngineContext, 'db' | 'vault' | 'connectors'>,
  connection: Connection,
): Promise<boolean> {
  const connector = connectorOf(ctx, connection.connector);
  if ((await readWebhookKeys(ctx.db, ctx.vault, connection)).newest !== undefined) return true;
  const { credentials } = await readSecrets(ctx.db, ctx.vault, connection);
  return keysGiven(connector, credentials).length > 0;
}

async function withWebhooks(
  ctx: Pick<EngineContext, 'db' | 'connectors'>,
  organizationId: string,
  id: string,
): Promise<{ readonly connection: Connection; readonly proof: Source['proof'] }> {
  const connection = await findConnection(ctx.db, organizationId, id);
  if (connection === undefined) throw notFound();
  const { webhooks, displayName } = connectorOf(ctx, connection.connector);
  if (webhooks !== undefined) return { connection, proof: webhooks.proof };
  throw new SyncError('VALIDATION_FAILED', `${displayName} does not tell of changes`, { field: 'id' });
}

function notFound(): SyncError {
  return new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
}
