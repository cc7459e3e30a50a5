import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { lockConnection } from '../queries/connection-changes.js';
import type { Connection } from '../queries/connections.js';
import type { SecretOwner, Vault } from '../vault/vault.js';

type Owned = Pick<Connection, 'id' | 'organizationId'>;

/** What the vendor told in handshakes. The one before goes on for a while, so that none of its deliveries is refused. */
interface StoredKeys {
  readonly newest: string;
  readonly before?: { readonly key: string; readonly until: string };
}

export interface WebhookKeys {
  readonly newest: string | undefined;
  /** Undefined as soon as its time is over. */
  readonly before: string | undefined;
  readonly handshakeAt: Date | null;
  readonly verifiedAt: Date | null;
}

const overlapHours = 24;

/** A connection's keys from handshakes. Throws SyncError CREDENTIALS_UNREADABLE. */
export async function readWebhookKeys(db: Db, vault: Vault, connection: Owned): Promise<WebhookKeys> {
  const { stored: _, ...keys } = await readKeys(db, vault, connection);
  return keys;
}

async function readKeys(
  db: Db,
  vault: Vault,
  connection: Owned,
): Promise<WebhookKeys & { readonly stored: StoredKeys | undefined }> {
  const row = await db
    .selectFrom('connections as c')
    .leftJoin('webhook_subscriptions as s', 's.connection_id', 'c.id')
    .select(['c.webhook_keys', 'c.webhook_keys_key_id', 's.handshake_at', 's.verified_at', sql<Date>`now()`.as('now')])
    .where('c.organization_id', '=', connection.organizationId)
    .where('c.id', '=', connection.id)
    .executeTakeFirst();
  const stored = row && opened(vault, connection, row.webhook_keys, row.webhook_keys_key_id);
  const before = stored?.before;
  return {
    stored,
    newest: stored?.newest,
    before: row !== undefined && before !== undefined && new Date(before.until) > row.now ? before.key : undefined,
    handshakeAt: row?.handshake_at ?? null,
    verifiedAt: row?.verified_at ?? null,
  };
}

/** Has a handshake accepted for so many minutes. Gives until when. */
export async function awaitHandshake(db: Db, connection: Owned, minutes: number): Promise<Date> {
  const until = sql<Date>`now() + make_interval(mins => ${minutes})`;
  const row = await db
    .insertInto('webhook_subscriptions')
    .values({ connection_id: connection.id, organization_id: connection.organizationId, awaiting_until: until })
    .onConflict((conflict) => conflict.column('connection_id').doUpdateSet({ awaiting_until: until }))
    .returning('awaiting_until')
    .executeTakeFirstOrThrow();
  return row.awaiting_until as Date;
}

/** Which of these connections await a handshake now. */
export async function listAwaiting(db: Db, connections: readonly Owned[]): Promise<string[]> {
  if (connections.length === 0) return [];
  const rows = await db
    .selectFrom('webhook_subscriptions')
    .select('connection_id')
    .where(
      'connection_id',
      'in',
      connections.map(({ id }) => id),
    )
    .where('awaiting_until', '>', sql<Date>`now()`)
    .execute();
  return rows.map((row) => row.connection_id);
}

/**
 * Takes the key of a handshake, if the connection awaits one: it does no longer then. The key before goes on for a day, if a
 * delivery has proved it: one that nothing was ever signed with is perhaps a stranger's, and must not displace the one that
 * the vendor uses. False when none is awaited any more: nothing has happened. In a transaction.
 */
export async function acceptWebhookKey(trx: Db, vault: Vault, connection: Owned, key: string): Promise<boolean> {
  if ((await lockConnection(trx, connection.organizationId, connection.id)) === undefined) return false;
  const keys = await readKeys(trx, vault, connection);
  const { numUpdatedRows } = await trx
    .updateTable('webhook_subscriptions')
    .set({ awaiting_until: null, handshake_at: toTheMillisecond, verified_at: null })
    .where('connection_id', '=', connection.id)
    .where('awaiting_until', '>', sql<Date>`now()`)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return false;
  await keepNewest(trx, vault, connection, keys, key);
  return true;
}

/**
 * Takes a key that is our own, and that nobody has to be awaited for. The one before goes on as with `acceptWebhookKey`.
 * False when the connection is gone. In a transaction.
 */
export async function replaceWebhookKey(trx: Db, vault: Vault, connection: Owned, key: string): Promise<boolean> {
  if ((await lockConnection(trx, connection.organizationId, connection.id)) === undefined) return false;
  const keys = await readKeys(trx, vault, connection);
  const begun = { awaiting_until: null, handshake_at: toTheMillisecond, verified_at: null };
  await trx
    .insertInto('webhook_subscriptions')
    .values({ connection_id: connection.id, organization_id: connection.organizationId, ...begun })
    .onConflict((conflict) => conflict.column('connection_id').doUpdateSet(begun))
    .execute();
  await keepNewest(trx, vault, connection, keys, key);
  return true;
}

/** So that a process that has read it can compare. */
const toTheMillisecond = sql<Date>`date_trunc('milliseconds', now())`;

async function keepNewest(
  trx: Db,
  vault: Vault,
  connection: Owned,
  { newest, verifiedAt, stored }: Awaited<ReturnType<typeof readKeys>>,
  key: string,
): Promise<void> {
  const until = new Date(Date.now() + overlapHours * 3_600_000).toISOString();
  const before = newest !== undefined && verifiedAt !== null ? { key: newest, until } : stored?.before;
  const keys: StoredKeys = { newest: key, ...(before !== undefined && { before }) };
  const sealed = vault.seal(ownerOf(connection), keys);
  await keepKeys(trx, connection, sealed.ciphertext, sealed.keyId);
}

/**
 * Forgets the keys, at once: deliveries that are signed with them are refused from then on. So is the habit: that nothing
 * comes any more is what was wanted, and no silence.
 */
export async function forgetWebhookKeys(trx: Db, connection: Owned): Promise<void> {
  await keepKeys(trx, connection, null, null);
  await trx
    .deleteFrom('webhook_hours')
    .where('connection_id', '=', connection.id)
    .where('organization_id', '=', connection.organizationId)
    .execute();
  await trx
    .updateTable('webhook_subscriptions')
    .set({ awaiting_until: null, handshake_at: null, verified_at: null })
    .where('connection_id', '=', connection.id)
    .where('organization_id', '=', connection.organizationId)
    .execute();
}

/** Of a connection whose key is one of the credentials: another one is there, and no delivery was signed with it yet. */
export async function forgetProof(trx: Db, connection: Owned): Promise<void> {
  await trx
    .updateTable('webhook_subscriptions')
    .set({ verified_at: null })
    .where('connection_id', '=', connection.id)
    .where('organization_id', '=', connection.organizationId)
    .where('handshake_at', 'is', null)
    .execute();
}

async function keepKeys(trx: Db, connection: Owned, ciphertext: Buffer | null, keyId: string | null): Promise<void> {
  await trx
    .updateTable('connections')
    .set({ webhook_keys: ciphertext, webhook_keys_key_id: keyId })
    .where('organization_id', '=', connection.organizationId)
    .where('id', '=', connection.id)
    .execute();
}

function opened(
  vault: Vault,
  connection: Owned,
  ciphertext: Buffer | null,
  keyId: string | null,
): StoredKeys | undefined {
  if (ciphertext === null) return undefined;
  return vault.open(ownerOf(connection), { ciphertext, keyId: keyId ?? '' }) as StoredKeys;
}

function ownerOf(connection: Owned): SecretOwner {
  return { organizationId: connection.organizationId, connectionId: connection.id, purpose: 'webhook_keys' };
}
