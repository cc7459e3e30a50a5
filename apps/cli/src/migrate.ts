import { parseEnvironment } from '@syncline/config';
import { ensureSchema, migrate } from '@syncline/store';
import { withDatabase } from './with-database.js';

/** `syncline migrate`: applies what is missing and says what it was. */
export async function runMigrate(): Promise<void> {
  const { DATABASE_URL, SYNCLINE_DATABASE_SCHEMA } = parseEnvironment(process.env, {}, ['DATABASE_URL']);
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
