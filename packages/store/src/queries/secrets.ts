import { isDeepStrictEqual } from 'node:util';
import { isSyncError, type Tokens } from '@syncline/connector-kit';
import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { SecretPurpose, Vault } from '../vault/vault.js';
import type { Connection } from './connections.js';

export interface Secrets {
  readonly credentials: unknown;
  readonly tokens: Tokens | undefined;
  /** Postgres' clock, by which leases and token lives are judged. */
  readonly now: Date;
}

type Owned = Pick<Connection, 'id' | 'organizationId'>;

/** Decrypts a connection's secrets. Throws SyncError CREDENTIALS_UNREADABLE. */
export async function readSecrets(db: Db, vault: Vault, connection: Owned): Promise<Secrets> {
  const row = await owned(db, connection)
    .select(['credentials', 'credentials_key_id', 'tokens', 'tokens_key_id', sql<Date>`now()`.as('now')])
    .executeTakeFirstOrThrow();
  const open = (purpose: 'credentials' | 'tokens', ciphertext: Buffer | null, keyId: string | null) =>
    ciphertext === null ? undefined : vault.open(ownerOf(connection, purpose), { ciphertext, keyId: keyId ?? '' });
  return {
    credentials: open('credentials', row.credentials, row.credentials_key_id),
    tokens: open('tokens', row.tokens, row.tokens_key_id) as Tokens | undefined,
    now: row.now,
  };
}

/**
 * The credentials of many connections in one statement, by the connection's id. None for one that has none, or whose
 * credentials this vault cannot open: that is said where they are used.
 */
export async function readCredentials(
  db: Db,
  vault: Vault,
  organizationId: string,
  connectionIds: readonly string[],
): Promise<Map<string, unknown>> {
  const rows = await db
    .selectFrom('connections')
    .select(['id', 'credentials', 'credentials_key_id as keyId'])
    .where('organization_id', '=', organizationId)
    .where('id', '=', sql<string>`any(${[...connectionIds]}::uuid[])`)
    .where('credentials', 'is not', null)
    .execute();
  const opened = new Map<string, unknown>();
  for (const { id, credentials, keyId } of rows) {
    if (credentials === null) continue;
    try {
      const owner = ownerOf({ id, organizationId }, 'credentials');
      opened.set(id, vault.open(owner, { ciphertext: credentials, keyId: keyId ?? '' }));
    } catch (error) {
      if (!isSyncError(error)) throw error;
    }
  }
  return opened;
}

/**
 * Asks for the right to renew the tokens. One holder in the whole fleet at a time; a holder that dies loses it after
 * `seconds`. A lease and not a lock, so that no transaction (or session, behind a pooler) is kept while a vendor is
 * asked.
 */
export async function takeTokenLease(db: Db, connection: Owned, holder: string, seconds: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('connections')
    .set({
      token_lease_holder: holder,
      token_lease_until: sql<Date>`now() + make_interval(secs => ${seconds})`,
    })
    .where('organization_id', '=', connection.organizationId)
    .where('id', '=', connection.id)
    .where((eb) => eb.or([eb('token_lease_until', 'is', null), eb('token_lease_until', '<', sql<Date>`now()`)]))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** How often a store is tried again because the credentials beside the tokens were encrypted anew at that moment. */
const triesEach = 5;

/**
 * Stores new tokens and gives the lease back. Also when the lease has run out but nobody else took it: a rotated refresh
 * token that is not stored is lost for good. False, and nothing is stored, when another worker holds the lease, and when
 * the `credentials` that the tokens were granted for are not the connection's any more: they may be of another account,
 * and a connection that was deleted has none.
 */
export async function storeTokens(
  db: Db,
  vault: Vault,
  connection: Owned,
  holder: string,
  { tokens, credentials }: { readonly tokens: Tokens; readonly credentials: unknown },
): Promise<boolean> {
  const { ciphertext, keyId } = vault.seal(ownerOf(connection, 'tokens'), tokens);
  let before: Buffer | null | undefined;
  for (let tries = 0; tries < triesEach; tries += 1) {
    const current = await owned(db, connection).select(['credentials', 'credentials_key_id']).executeTakeFirst();
    const sealed = current?.credentials;
    // The same as a moment ago: it is the lease that was in the way.
    if (sealed === undefined || isDeepStrictEqual(sealed, before)) return false;
    before = sealed;
    if (!mayBe(vault, connection, sealed, current?.credentials_key_id ?? '', credentials)) return false;
    const { numUpdatedRows } = await db
      .updateTable('connections')
      .set({
        ...{ tokens: ciphertext, tokens_key_id: keyId, token_lease_holder: null, token_lease_until: null },
        ...{ tokens_renewed_at: sql<Date>`now()`, token_failures: 0, token_failed_at: null, token_error_code: null },
      })
      .where('organization_id', '=', connection.organizationId)
      .where('id', '=', connection.id)
      .where('credentials', 'is not distinct from', sealed)
      .where((eb) => eb.or([eb('token_lease_holder', '=', holder), eb('token_lease_holder', 'is', null)]))
      .executeTakeFirst();
    if (numUpdatedRows === 1n) return true;
  }
  return false;
}

/** Whether those are the credentials. A vault without their key cannot tell; it has been told of no others. */
function mayBe(vault: Vault, connection: Owned, sealed: Buffer | null, keyId: string, credentials: unknown): boolean {
  if (sealed === null) return credentials === undefined;
  try {
    const opened = vault.open(ownerOf(connection, 'credentials'), { ciphertext: sealed, keyId });
    return isDeepStrictEqual(opened, credentials);
  } catch (error) {
    if (isSyncError(error, 'CREDENTIALS_UNREADABLE')) return true;
    throw error;
  }
}

/** Gives the lease back without new tokens. */
export async function dropTokenLease(db: Db, connection: Owned, holder: string): Promise<void> {
  await db
    .updateTable('connections')
    .set({ token_lease_holder: null, token_lease_until: null })
    .where('organization_id', '=', connection.organizationId)
    .where('id', '=', connection.id)
    .where('token_lease_holder', '=', holder)
    .execute();
}

function owned(db: Db, connection: Owned) {
  return db
    .selectFrom('connections')
    .where('organization_id', '=', connection.organizationId)
    .where('id', '=', connection.id);
}

function ownerOf(connection: Owned, purpose: SecretPurpose) {
  return { organizationId: connection.organizationId, connectionId: connection.id, purpose };
}
