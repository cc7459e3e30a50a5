import { sql } from 'kysely';
import { type MigrationFile, migrationHash, readMigrations } from '../migration-files.js';
import type { Db } from '../open-database.js';

/**
 * Notes of each file what it was when it was applied here; what is noted stays. Files that were applied before this was
 * kept count as what they are now.
 */
export async function noteHashes(db: Db, files: readonly MigrationFile[]): Promise<void> {
  const hashes = JSON.stringify(hashesOf(files));
  await sql`
    update syncline_installation set migration_hashes = ${hashes}::jsonb || migration_hashes
    where not migration_hashes @> ${hashes}::jsonb`.execute(db);
}

/** The hash of each file, by its name. */
export function hashesOf(files: readonly MigrationFile[]): Record<string, string> {
  return Object.fromEntries(files.map((file) => [file.name, migrationHash(file)]));
}

/** Migrations of this release whose files are not what they were when they were applied here. */
export async function readChangedMigrations(db: Db): Promise<string[]> {
  const row = await db.selectFrom('syncline_installation').select('migration_hashes as noted').executeTakeFirst();
  const now = hashesOf(await readMigrations());
  return Object.entries(row?.noted ?? {}).flatMap(([name, hash]) =>
    now[name] === undefined || now[name] === hash ? [] : [name],
  );
}
