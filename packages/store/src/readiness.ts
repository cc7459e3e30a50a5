import { sql } from 'kysely';
import type { Db } from './open-database.js';

/**
 * One round trip to the database, and whether it takes writes: a standby, or one that was set to read only, answers all
 * questions and takes none. Throws what the database says when there is no answer.
 */
export async function pingDatabase(db: Db): Promise<{ readonly takesWrites: boolean }> {
  const { rows } = await sql<{ readOnly: string }>`
    select current_setting('transaction_read_only') as "readOnly"`.execute(db);
  return { takesWrites: rows[0]?.readOnly === 'off' };
}
