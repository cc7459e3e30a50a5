import { sql } from 'kysely';
import type { Db } from './open-database.js';

/** One round trip to the database. Throws what it says when there is none. */
export async function pingDatabase(db: Db): Promise<void> {
  await sql`select 1`.execute(db);
}
