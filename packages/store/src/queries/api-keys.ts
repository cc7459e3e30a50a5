import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { KeyRole } from '../schema.js';

/** A key as its organization sees it: nothing in it opens anything. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: KeyRole;
  /** The part of the key that is shown. */
  readonly prefix: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** A key as it is checked. */
export interface StoredKey {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly role: KeyRole;
  readonly secretHash: Buffer;
  readonly expiresAt: Date | null;
  /** Neither revoked nor expired, by Postgres' clock. */
  readonly live: boolean;
  /** Its last use was noted less than a minute ago. */
  readonly noted: boolean;
}

export interface NewKey {
  readonly organizationId: string;
  readonly name: string;
  readonly role: KeyRole;
  readonly prefix: string;
  readonly secretHash: Buffer;
  readonly createdBy: string;
  readonly expiresAt: Date | null;
}

const columns = [
  ...(['id', 'name', 'role', 'prefix', 'created_by as createdBy', 'created_at as createdAt'] as const),
  ...(['last_used_at as lastUsedAt', 'expires_at as expiresAt', 'revoked_at as revokedAt'] as const),
] as const;

export async function insertApiKey(db: Db, key: NewKey): Promise<ApiKey> {
  return db
    .insertInto('api_keys')
    .values({
      ...{ organization_id: key.organizationId, name: key.name, role: key.role, prefix: key.prefix },
      ...{ secret_hash: key.secretHash, created_by: key.createdBy, expires_at: key.expiresAt },
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
}

/** An organization's keys, the revoked and the expired ones too, oldest first. */
export async function listApiKeys(db: Db, organizationId: string): Promise<ApiKey[]> {
  return db
    .selectFrom('api_keys')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

/** Ends a key for good; one that was revoked before stays as it is. Undefined when the organization has none of that id. */
export async function revokeApiKey(
  db: Db,
  organizationId: string,
  id: string,
  by: string,
): Promise<ApiKey | undefined> {
  return db
    .updateTable('api_keys')
    .set({ revoked_at: sql<Date>`coalesce(revoked_at, now())`, revoked_by: sql<string>`coalesce(revoked_by, ${by})` })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst();
}

/** The key that is shown by that prefix, of whichever organization: it is the key that says which. */
export async function findKeyByPrefix(db: Db, prefix: string): Promise<StoredKey | undefined> {
  return storedKeys(db).where('prefix', '=', prefix).executeTakeFirst();
}

/** The key of that id, of whichever organization: for a session that was opened with it. */
export async function findKeyById(db: Db, id: string): Promise<StoredKey | undefined> {
  return storedKeys(db).where('id', '=', id).executeTakeFirst();
}

function storedKeys(db: Db) {
  return db
    .selectFrom('api_keys')
    .select(['id', 'organization_id as organizationId', 'name', 'role', 'secret_hash as secretHash'])
    .select([
      'expires_at as expiresAt',
      sql<boolean>`revoked_at is null and (expires_at is null or expires_at > now())`.as('live'),
      sql<boolean>`coalesce(last_used_at > now() - interval '1 minute', false)`.as('noted'),
    ]);
}

/** Notes that a key was used; any number of requests at once write it once a minute. */
export async function noteKeyUse(db: Db, id: string): Promise<void> {
  await db
    .updateTable('api_keys')
    .set({ last_used_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where((eb) =>
      eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<=', sql<Date>`now() - interval '1 minute'`)]),
    )
    .execute();
}
