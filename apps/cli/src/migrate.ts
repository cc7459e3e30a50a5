import { parseEnvironment } from '@syncline/config';
import { describeDifference, ensureSchema, findDrift, migrate, readSchemaStanding, requireFit } from '@syncline/store';
import { withDatabase } from './with-database.js';

/**
 * `syncline migrate`: applies what is missing and says what it was. With `--check` it changes nothing, and says what is
 * missing and what is not as the migrations made it; then it ends with exit code 2 if there is any of it.
 *
 * Throws NewerSchemaError when the database is of a newer release that this one cannot work with.
 */
export async function runMigrate({ check }: { readonly check: boolean }): Promise<void> {
  const { DATABASE_URL, SYNCLINE_DATABASE_SCHEMA } = parseEnvironment(process.env, {}, ['DATABASE_URL']);
  if (check) return checkDatabase(DATABASE_URL, SYNCLINE_DATABASE_SCHEMA);
  const applied = await migrateDatabase(DATABASE_URL, SYNCLINE_DATABASE_SCHEMA);
  process.stdout.write(applied.length === 0 ? 'The schema is up to date.\n' : `Applied: ${applied.join(', ')}\n`);
}

/**
 * Migrates a database, in a schema that is made if it is not there, and closes it again. Returns the names of what was
 * applied.
 */
export async function migrateDatabase(databaseUrl: string, schema: string | undefined): Promise<string[]> {
  return withDatabase({ databaseUrl, schema, applicationName: 'syncline migrate' }, async (db) => {
    await ensureSchema(db, schema);
    return migrate(db);
  });
}

async function checkDatabase(databaseUrl: string, schema: string | undefined): Promise<void> {
  const lines = await withDatabase({ databaseUrl, schema, applicationName: 'syncline migrate' }, async (db) => {
    await requireFit(db);
    const { pending, unknown } = await readSchemaStanding(db);
    if (pending.length > 0) return [`Not applied yet: ${pending.join(', ')}`];
    const drift = await findDrift(db);
    // A newer release may have changed what it wants to; it has said that this one can work with it.
    return unknown.length > 0 ? [] : drift.map(describeDifference);
  });
  if (lines.length > 0) process.exitCode = 2;
  process.stdout.write(`${lines.length === 0 ? 'The schema is as it should be.' : lines.join('\n')}\n`);
}
