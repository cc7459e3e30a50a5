import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { ConnectionStatus } from '../schema.js';
import type { Vault } from '../vault/vault.js';

export interface Connection {
  readonly id: string;
  readonly organizationId: string;
  readonly connector: string;
  readonly name: string;
  readonly status: ConnectionStatus;
  readonly statusReason: string | null;
  readonly settings: Record<string, unknown>;
  /** Variables of the environment describe it: it is brought up to date at each start, whatever its name is by now. */
  readonly fromEnvironment: boolean;
}

export const connectionColumns = [
  'id',
  'organization_id as organizationId',
  'connector',
  'name',
  'status',
  'status_reason as statusReason',
  'settings',
  'from_environment as fromEnvironment',
] as const;

/** The organization with that slug, made when it is not there. Safe to call from many processes at once. */
export async function ensureOrganization(db: Db, slug: string, name: string): Promise<string> {
  await db
    .insertInto('organizations')
    .values({ slug, name })
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .execute();
  const row = await db.selectFrom('organizations').select('id').where('slug', '=', slug).executeTakeFirstOrThrow();
  return row.id;
}

/**
 * Keeps a connection that is described elsewhere in step with that. It is known by its name; one of the environment, of
 * which a connector has one, by being the environment's: it may be renamed. Tokens got with the same credentials before are
 * kept: a rotated refresh token is the only one that still works. New credentials throw them away, and give a
 * connection that needed re-authorisation another chance.
 */
export async function ensureConnection(
  db: Db,
  vault: Vault,
  given: {
    readonly organizationId: string;
    readonly connector: string;
    readonly name: string;
    readonly settings: Record<string, unknown>;
    readonly credentials: unknown;
    /** Variables of the environment describe it. */
    readonly fromEnvironment?: boolean;
  },
): Promise<Connection> {
  return db.transaction().execute(async (trx) => {
    const { organizationId, connector, name, fromEnvironment = false } = given;
    await trx
      .insertInto('connections')
      .values({ organization_id: organizationId, connector, name, settings: '{}', from_environment: fromEnvironment })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const row = await trx
      .selectFrom('connections')
      .select([...connectionColumns, 'credentials', 'credentials_key_id'])
      .where('organization_id', '=', organizationId)
      .where('connector', '=', connector)
      .where('deleted_at', 'is', null)
      // One of that name and not marked: a process of a release that knew it by its name has made it meanwhile.
      .where((is) =>
        fromEnvironment ? is.or([is('from_environment', '=', true), is('name', '=', name)]) : is('name', '=', name),
      )
      .orderBy('from_environment', 'desc')
      .limit(1)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const owner = { organizationId, connectionId: row.id, purpose: 'credentials' } as const;
    const { credentials, credentials_key_id, ...connection } = row;
    const stored =
      credentials === null
        ? undefined
        : vault.open(owner, { ciphertext: credentials, keyId: credentials_key_id ?? '' });
    const same = isDeepStrictEqual(stored, given.credentials);
    // What the environment does not speak of was set for the connection by other means, and stays.
    const settings = { ...connection.settings, ...given.settings };
    const isMarked = connection.fromEnvironment || !fromEnvironment;
    if (same && isMarked && isDeepStrictEqual(connection.settings, settings)) return connection;
    const sealed = vault.seal(owner, given.credentials);
    const untried = { tokens_renewed_at: null, token_failures: 0, token_failed_at: null, token_error_code: null };
    // Whoever has paused it has not said that it may go on.
    const again = connection.status === 'paused' ? {} : { status: 'active' as const, status_reason: null };
    const fresh = { tokens: null, tokens_key_id: null, ...untried, ...again };
    const updated = await trx
      .updateTable('connections')
      .set({
        settings: JSON.stringify(settings),
        from_environment: connection.fromEnvironment || fromEnvironment,
        ...(same ? {} : { ...fresh, credentials: sealed.ciphertext, credentials_key_id: sealed.keyId }),
        updated_at: sql<Date>`now()`,
      })
      .where('id', '=', row.id)
      .returning(connectionColumns)
      .executeTakeFirstOrThrow();
    return updated;
  });
}

/** Connections of an organization, oldest first. */
export async function listConnections(db: Db, organizationId: string, connector?: string): Promise<Connection[]> {
  let query = db
    .selectFrom('connections')
    .select(connectionColumns)
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null);
  if (connector !== undefined) query = query.where('connector', '=', connector);
  return query.orderBy('created_at').execute();
}

/** Connections of all organizations, oldest first: for the installation's own duties. */
export async function listAllConnections(db: Db): Promise<Connection[]> {
  return db
    .selectFrom('connections')
    .select(connectionColumns)
    .where('deleted_at', 'is', null)
    .orderBy('created_at')
    .execute();
}

export async function findConnection(db: Db, organizationId: string, id: string): Promise<Connection | undefined> {
  return db
    .selectFrom('connections')
    .select(connectionColumns)
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
}

/** A connection of whatever organization; for who has nothing but its id, and proves in another way that he may. */
export async function findConnectionById(db: Db, id: string): Promise<Connection | undefined> {
  return db
    .selectFrom('connections')
    .select(connectionColumns)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
}

/** What a sync found out about its connection. One that somebody has paused meanwhile stays paused. */
export async function reportConnectionStatus(
  db: Db,
  connection: Pick<Connection, 'id' | 'organizationId'>,
  status: Exclude<ConnectionStatus, 'paused'>,
  reason: string | null,
): Promise<void> {
  await statusChange(db, connection, status, reason).where('status', '<>', 'paused').execute();
}

/** What somebody decided about a connection. */
export async function setConnectionStatus(
  db: Db,
  connection: Pick<Connection, 'id' | 'organizationId'>,
  status: ConnectionStatus,
  reason: string | null,
): Promise<void> {
  await statusChange(db, connection, status, reason).execute();
}

function statusChange(
  db: Db,
  connection: Pick<Connection, 'id' | 'organizationId'>,
  status: ConnectionStatus,
  reason: string | null,
) {
  return db
    .updateTable('connections')
    .set({ status, status_reason: reason, updated_at: sql<Date>`now()` })
    .where('organization_id', '=', connection.organizationId)
    .where('id', '=', connection.id);
}

/** Connectors that there are connections of, in any organization, deleted ones that are not erased yet included. */
export async function connectorsInUse(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('connections').select('connector').distinct().orderBy('connector').execute();
  return rows.map(({ connector }) => connector);
}
