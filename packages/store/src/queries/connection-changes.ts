import { SyncError } from '@syncline/connector-kit';
import { sql } from 'kysely';
import pg from 'pg';
import type { Db } from '../open-database.js';
import type { Vault } from '../vault/vault.js';
import { type Connection, connectionColumns } from './connections.js';

type Owned = Pick<Connection, 'id' | 'organizationId'>;

/** Makes a connection, its credentials sealed. Throws SyncError VALIDATION_FAILED when its connector has one of that name. */
export async function insertConnection(
  db: Db,
  vault: Vault,
  given: Omit<Connection, 'status' | 'statusReason' | 'fromEnvironment'> & { readonly credentials: unknown },
): Promise<Connection> {
  const { id, organizationId, connector, name, settings, credentials } = given;
  const sealed = vault.seal({ organizationId, connectionId: id, purpose: 'credentials' }, credentials);
  return db
    .insertInto('connections')
    .values({
      ...{ id, organization_id: organizationId, connector, name, settings: JSON.stringify(settings) },
      ...{ credentials: sealed.ciphertext, credentials_key_id: sealed.keyId },
    })
    .returning(connectionColumns)
    .executeTakeFirstOrThrow()
    .catch(nameTaken(name));
}

/** A connection, locked until the end of the transaction. Undefined when there is none of that id, or not any more. */
export async function lockConnection(trx: Db, organizationId: string, id: string): Promise<Connection | undefined> {
  return trx
    .selectFrom('connections')
    .select(connectionColumns)
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
}

/** Throws SyncError VALIDATION_FAILED when its connector has another connection of that name. */
export async function updateConnection(
  trx: Db,
  connection: Owned,
  change: { readonly name: string; readonly settings: Readonly<Record<string, unknown>> },
): Promise<void> {
  await owned(trx, connection)
    .set({ name: change.name, settings: JSON.stringify(change.settings), updated_at: sql<Date>`now()` })
    .execute()
    .catch(nameTaken(change.name));
}

/**
 * Replaces the credentials and throws away all that was got with the old ones: tokens, the lease of whoever is renewing
 * them, what is known of their failures. A connection that needed re-authorisation has another chance.
 */
export async function replaceCredentials(
  trx: Db,
  vault: Vault,
  connection: Pick<Connection, 'id' | 'organizationId' | 'status'>,
  credentials: unknown,
): Promise<void> {
  const { id: connectionId, organizationId, status } = connection;
  const sealed = vault.seal({ organizationId, connectionId, purpose: 'credentials' }, credentials);
  await owned(trx, connection)
    .set({
      ...{ credentials: sealed.ciphertext, credentials_key_id: sealed.keyId },
      ...noTokens,
      ...(status === 'paused' ? {} : { status: 'active' as const, status_reason: null }),
      updated_at: sql<Date>`now()`,
    })
    .execute();
}

const noTokens = {
  ...{ tokens: null, tokens_key_id: null, token_lease_holder: null, token_lease_until: null },
  ...{ tokens_renewed_at: null, token_failures: 0, token_failed_at: null, token_error_code: null },
};

/**
 * Takes a connection out of use for good: nobody finds it any more, its secrets and schedules are gone, its name is
 * free. Its rows go later (`eraseBatch`), those of its target tables only where `withData`. Gives the schedules' ids.
 */
export async function markConnectionDeleted(trx: Db, connection: Owned, withData: boolean): Promise<string[]> {
  await owned(trx, connection)
    .set({
      ...{ deleted_at: sql<Date>`now()`, delete_data: withData, status: 'paused', status_reason: 'deleted' },
      ...{ name: sql<string>`name || ' (deleted ' || id || ')'`, credentials: null, credentials_key_id: null },
      ...{ webhook_keys: null, webhook_keys_key_id: null },
      ...noTokens,
      updated_at: sql<Date>`now()`,
    })
    .execute();
  const schedules = await trx
    .deleteFrom('sync_schedules')
    .where('organization_id', '=', connection.organizationId)
    .where('connection_id', '=', connection.id)
    .returning('id')
    .execute();
  return schedules.map(({ id }) => id);
}

function owned(trx: Db, connection: Owned) {
  return trx
    .updateTable('connections')
    .where('organization_id', '=', connection.organizationId)
    .where('id', '=', connection.id)
    .where('deleted_at', 'is', null);
}

const uniqueViolation = '23505';

function nameTaken(name: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof pg.DatabaseError && error.code === uniqueViolation) {
      const message = `The connector has a connection named ${name} already`;
      throw new SyncError('VALIDATION_FAILED', message, { field: 'name' });
    }
    throw error;
  };
}
