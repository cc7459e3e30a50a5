import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { MigrationFile } from '../migration-files.js';
import type { Db } from '../open-database.js';
import { type Relation, readCatalogue } from './catalogue.js';

/**
 * What our migrations make where nothing is in their way: they are run in a schema that is gone again when this returns.
 * So what a table has to have is written down in one place only. Has to be called inside a transaction.
 *
 * Undefined when the role may not make a schema. Locks nothing that exists.
 */
export async function readWantedTables(
  trx: Db,
  files: readonly MigrationFile[],
): Promise<ReadonlyMap<string, Relation> | undefined> {
  const scratch = sql.id(`syncline_scratch_${randomBytes(6).toString('hex')}`);
  const { rows } = await sql`select where has_database_privilege(current_database(), 'CREATE')`.execute(trx);
  if (rows.length === 0) return undefined;
  await sql`savepoint scratch`.execute(trx);
  await sql`create schema ${scratch}`.execute(trx);
  await sql`set local search_path to ${scratch}`.execute(trx);
  for (const { text } of files) await sql.raw(text).execute(trx);
  const wanted = await readCatalogue(trx);
  // Takes the search path back as well.
  await sql`rollback to savepoint scratch`.execute(trx);
  return wanted;
}
