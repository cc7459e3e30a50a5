import { type Migration, Migrator, sql } from 'kysely';
import { OccupiedError, relationsInTheWay } from './adopt/occupied.js';
import { noteHashes } from './installation/migration-hashes.js';
import { type MigrationFile, migrationsFolder, readMigrations } from './migration-files.js';
import type { Db } from './open-database.js';
import { requireSchema } from './schema-choice/require-schema.js';
import { NewerSchemaError, readSchemaStanding } from './schema-version/newer-schema.js';

/**
 * Brings the schema that the sessions are in up to date: numbered, forward-only SQL files, each applied once. Several
 * processes may call it at once; one migrates, the others wait for it. All pending files are one transaction.
 *
 * Returns the names that were applied: none where a newer release has migrated, with which this one can work. Throws
 * OccupiedError when tables of somebody else have names that we need, NewerSchemaError when this release is too old for
 * the database, SchemaError when the sessions are in no schema, else the database's error, with the file's name in front.
 */
export async function migrate(db: Db, folder: string = migrationsFolder): Promise<string[]> {
  await requireSchema(db);
  const standing = await readSchemaStanding(db, folder);
  if (!standing.fits) throw new NewerSchemaError(standing);
  if (standing.unknown.length > 0) return upToDate(standing.pending);
  const { error, results = [] } = await (await migratorOf(db, folder)).migrateToLatest();
  if (error instanceof OccupiedError) throw error;
  if (error !== undefined) {
    const failed = results.find((result) => result.status === 'Error')?.migrationName;
    throw new Error(`Migration ${failed ?? ''} failed: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
  if (folder === migrationsFolder) {
    // Each time: a later migration has made tables, or somebody has made the role that was missing.
    await sql`select secure_tenant_tables()`.execute(db);
    await noteHashes(db, await readMigrations(folder));
  }
  return results.filter((result) => result.status === 'Success').map((result) => result.migrationName);
}

/** Throws Error when a newer release has applied its migrations, and not all of those before them. */
function upToDate(pending: readonly string[]): string[] {
  if (pending.length === 0) return [];
  throw new Error(
    `The database has migrations of a newer release, but not ${pending.join(', ')}. Run npm run migrate of that release.`,
  );
}

/** Names of the migrations that this release has and the database does not. */
export async function pendingMigrations(db: Db, folder: string = migrationsFolder): Promise<string[]> {
  const migrations = await (await migratorOf(db, folder)).getMigrations();
  return migrations.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name);
}

/** Kysely looks for its tables in every schema, unless it is told in which they are. */
async function migratorOf(db: Db, folder: string): Promise<Migrator> {
  const migrationTableSchema = await requireSchema(db);
  return new Migrator({ db, migrationTableSchema, provider: { getMigrations: () => migrationsOf(folder) } });
}

async function migrationsOf(folder: string): Promise<Record<string, Migration>> {
  const files = await readMigrations(folder);
  return Object.fromEntries(
    files.map((file, i) => [file.name, { up: (db) => apply(db as Db, files.slice(0, i + 1)) }]),
  );
}

/** Applies the last of these files; the others have been applied before. */
async function apply(db: Db, files: readonly MigrationFile[]): Promise<void> {
  const file = files.at(-1);
  if (file === undefined) return;
  const inTheWay = await relationsInTheWay(db, file, files.slice(0, -1));
  if (inTheWay.length > 0) throw new OccupiedError(await requireSchema(db), inTheWay);
  await sql.raw(file.text).execute(db);
}
