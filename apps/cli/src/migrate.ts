import { parseEnvironment } from '@syncline/config';
import { migrate, openDatabase } from '@syncline/store';

/** `syncline migrate`: applies what is missing and says what it was. */
export async function runMigrate(): Promise<void> {
  const { DATABASE_URL } = parseEnvironment(process.env, {}, ['DATABASE_URL']);
  const applied = await migrateDatabase(DATABASE_URL);
  process.stdout.write(applied.length === 0 ? 'The schema is up to date.\n' : `Applied: ${applied.join(', ')}\n`);
}

/** Migrates a database and closes it again. Returns the names of what was applied. */
export async function migrateDatabase(databaseUrl: string): Promise<string[]> {
  const db = openDatabase({ databaseUrl, applicationName: 'syncline migrate', poolSize: 1, onError: () => undefined });
  try {
    return await migrate(db);
  } finally {
    await db.destroy();
  }
}
