import { type Connector, isSyncError, parseUrl, SyncError, type SyncSettings } from '@syncline/connector-kit';
import {
  type Actor,
  type Connection,
  type Db,
  forgetProof,
  lockConnection,
  readSecrets,
  recordAudit,
  replaceCredentials,
  updateConnection,
  type Vault,
} from '@syncline/store';
import { settingsOf } from '../connection-settings.js';
import { connectorOf, type EngineContext } from '../context.js';
import { checkCredentials, checkSettings, refuseFindings } from './check-given.js';
import { requireFreeName } from './create-connection.js';

export interface ConnectionChange {
  readonly name?: string | undefined;
  /** Settings that change; null gives one its default back. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  readonly credentials?: unknown;
}

/**
 * Changes a connection; runs that are under way go on with what they began with. New credentials throw the tokens away
 * that were got with the old ones, and give a connection that needed re-authorisation another chance.
 *
 * A base URL of another host needs the credentials anew: they can be written and never read, and would be read by
 * whoever may send them to a host of their own.
 *
 * Throws SyncError CONNECTION_NOT_FOUND, VALIDATION_FAILED with the field, EGRESS_REFUSED.
 */
export async function changeConnection(
  ctx: Pick<EngineContext, 'db' | 'vault' | 'connectors' | 'road' | 'log'>,
  organizationId: string,
  id: string,
  change: ConnectionChange,
  by: Actor,
): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    const connection = await lockConnection(trx, organizationId, id);
    if (connection === undefined) throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
    const connector = connectorOf(ctx, connection.connector);
    const { name = connection.name } = change;
    if (name !== connection.name && !connection.fromEnvironment) requireFreeName(name);
    const settings = merged(connection.settings, change.settings ?? {});
    if (change.settings !== undefined) {
      refuseFindings(connector, change.settings, connection.settings);
      const next = checkSettings(connector, settings, ctx.road);
      if (change.credentials === undefined && !isSameHost(next, settingsBefore(connector, connection))) {
        const message = 'have to be given anew when baseUrl leads to another host';
        throw new SyncError('VALIDATION_FAILED', message, { field: 'credentials' });
      }
    }
    if (change.credentials !== undefined) {
      const credentials = await withWebhookKey(trx, ctx.vault, connector, connection, change.credentials);
      checkCredentials(connector, credentials);
      await replaceCredentials(trx, ctx.vault, connection, credentials);
    }
    await updateConnection(trx, connection, { name, settings });
    const details = {
      ...(name !== connection.name && { name, was: connection.name }),
      settings: Object.keys(change.settings ?? {}),
      credentials: change.credentials !== undefined,
    };
    const entry = { action: 'connection.change', subjectKind: 'connection', subjectId: id, details };
    await recordAudit(trx, { organizationId, ...by, ...entry });
  });
  ctx.log.info({ event: 'connection.changed', connectionId: id }, 'connection changed');
}

/**
 * Credentials with the key of webhooks that was there, unless another one is given. It goes to nobody, so that it need not be
 * given anew as the others; and whoever has a new API key does not expect that webhooks are refused from then on. Nothing
 * has proved another one.
 */
async function withWebhookKey(
  trx: Db,
  vault: Vault,
  { webhooks }: Connector,
  connection: Connection,
  given: unknown,
): Promise<unknown> {
  const field = webhooks?.proof === 'signature' ? webhooks.keyField : undefined;
  if (field === undefined || typeof given !== 'object' || given === null) return given;
  const stored = (await readSecretsIfReadable(trx, vault, connection)) as Record<string, unknown> | null | undefined;
  const { [field]: key = stored?.[field], ...others } = given as Record<string, unknown>;
  if (key !== stored?.[field]) await forgetProof(trx, connection);
  return key === undefined || key === null ? others : { ...others, [field]: key };
}

/** Those that no key opens are what new ones are given for. */
async function readSecretsIfReadable(trx: Db, vault: Vault, connection: Connection): Promise<unknown> {
  try {
    return (await readSecrets(trx, vault, connection)).credentials;
  } catch (error) {
    if (isSyncError(error, 'CREDENTIALS_UNREADABLE')) return undefined;
    throw error;
  }
}

function merged(was: Readonly<Record<string, unknown>>, change: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries({ ...was, ...change }).filter(([, value]) => value !== null));
}

/** Undefined when the settings were not valid: then nothing can have been sent anywhere by them. */
function settingsBefore(connector: Connector, connection: Connection): SyncSettings | undefined {
  try {
    return settingsOf(connector, connection);
  } catch {
    return undefined;
  }
}

/** Without a base URL the credentials say themselves where they lead. */
function isSameHost(now: SyncSettings, before: SyncSettings | undefined): boolean {
  if (before === undefined) return false;
  if (now.baseUrl === undefined || before.baseUrl === undefined) return now.baseUrl === before.baseUrl;
  return parseUrl(now.baseUrl)?.origin === parseUrl(before.baseUrl)?.origin;
}
