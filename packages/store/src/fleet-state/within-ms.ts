import { sql } from 'kysely';
import type { Db } from '../open-database.js';

/**
 * Reads in a transaction of its own whose statements Postgres ends after `ms`: who asks for numbers must not be able to
 * hurt those who work. Rejects with the database's error then.
 */
export async function withinMs<T>(db: Db, ms: number, read: (trx: Db) => Promise<T>): Promise<T> {
  return db
    .transaction()
    .setAccessMode('read only')
    .execute(async (trx) => {
      await sql`select set_config('statement_timeout', ${String(ms)}, true)`.execute(trx);
      return read(trx);
    });
}
