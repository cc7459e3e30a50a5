import { type Kysely, type MigrationLockOptions, PostgresAdapter, sql } from 'kysely';

/** The advisory lock of whoever migrates or adopts a schema: an expression for SQL, of type bigint. */
export function migrationLock(schema: string) {
  return sql`hashtextextended('syncline migrations ' || ${schema}::text, 0)`;
}

/**
 * Kysely's own lock is one for the whole database: installations in two schemas would wait for each other, and for any
 * other program that uses Kysely.
 */
export class MigrationLockAdapter extends PostgresAdapter {
  override async acquireMigrationLock(db: Kysely<unknown>, options: MigrationLockOptions): Promise<void> {
    await sql`select pg_advisory_lock(${migrationLock(options.lockTableSchema ?? '')})`.execute(db);
  }

  override async releaseMigrationLock(db: Kysely<unknown>, options: MigrationLockOptions): Promise<void> {
    await sql`select pg_advisory_unlock(${migrationLock(options.lockTableSchema ?? '')})`.execute(db);
  }
}
