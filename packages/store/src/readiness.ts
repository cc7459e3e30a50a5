import { Migrator, sql } from 'kysely';
import { migrationsFolder, readMigrations } from './migrate.js';
import type { Db } from './open-database.js';

/** One round trip to the database. Throws what it says when there is none. */
export async function pingDatabase(db: Db): Promise<void> {
  await sql`select 1`.execute(db);
}

/** Names of the migrations that this release has and the database does not. */
export async function pendingMigrations(db: Db, folder: string = migrationsFolder): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => readMigrations(folder) } });
  const migrations = await migrator.getMigrations();
  return migrations.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name);
}
