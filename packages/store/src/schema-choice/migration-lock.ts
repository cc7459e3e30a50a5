import {
  CompiledQuery,
  type DatabaseConnection,
  type Kysely,
  type MigrationLockOptions,
  PostgresAdapter,
  PostgresDriver,
  sql,
  type TransactionSettings,
} from 'kysely';

/** The advisory lock of whoever migrates or adopts a schema: an expression for SQL, of type bigint. */
export function migrationLock(schema: string) {
  return sql`hashtextextended('syncline migrations ' || ${schema}::text, 0)`;
}

/** Connections whose transaction has begun with the lock, before Kysely begins it. */
const begun = new WeakSet<DatabaseConnection>();

/**
 * Kysely's own lock is one for the whole database: installations in two schemas would wait for each other, and for any
 * other program that uses Kysely.
 *
 * Kysely takes the lock before the transaction that it is about. A lock of the session would stay behind in a pooler,
 * whose next transaction has another session: so the transaction begins here, and the lock ends with it.
 */
export class MigrationLockAdapter extends PostgresAdapter {
  override async acquireMigrationLock(db: Kysely<unknown>, options: MigrationLockOptions): Promise<void> {
    const lock = sql`select pg_advisory_xact_lock(${migrationLock(options.lockTableSchema ?? '')})`.compile(db);
    await onItsConnection(db, async (connection) => {
      await connection.executeQuery(CompiledQuery.raw('begin'));
      try {
        await connection.executeQuery(lock);
      } catch (error) {
        await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined);
        throw error;
      }
      begun.add(connection);
    });
  }

  override async releaseMigrationLock(db: Kysely<unknown>): Promise<void> {
    await onItsConnection(db, async (connection) => {
      // Only where the transaction was not gone on with: its end has ended the lock.
      if (begun.delete(connection)) await connection.executeQuery(CompiledQuery.raw('rollback'));
    });
  }
}

/** Goes on with the transaction that holds the migration lock. */
export class MigrationLockDriver extends PostgresDriver {
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    if (!begun.delete(connection)) await super.beginTransaction(connection, settings);
  }
}

/** Kysely runs a migration on one connection; this is it. */
function onItsConnection(db: Kysely<unknown>, work: (connection: DatabaseConnection) => Promise<void>): Promise<void> {
  return db.getExecutor().provideConnection(work);
}
