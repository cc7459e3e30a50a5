import { sql } from 'kysely';
import { migrationNumber, migrationsFolder, readMigrationNames } from '../migration-files.js';
import type { Db } from '../open-database.js';

/** The database has migrations that this release does not know and cannot work with; the message says what to do. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';

  constructor({ unknown, newest }: Pick<SchemaStanding, 'unknown' | 'newest'>) {
    const few = unknown.length > 3 ? `${unknown.length} migrations, up to ${unknown.at(-1)}` : unknown.join(', ');
    super(
      `The database's schema is newer than this release: it has ${few}, and this release knows ${newest ?? 'nothing'} ` +
        'at most. It does not work with what they have changed. Start the newer release; to go back to this one, ' +
        'restore a backup from before the upgrade (docs/operations.md).',
    );
  }
}

/** How the migrations of a database stand to those of a release. */
export interface SchemaStanding {
  /** What the release has and the database does not. */
  readonly pending: readonly string[];
  /** What the database has and the release does not: it is of a newer one. */
  readonly unknown: readonly string[];
  /** The newest migration of the release. */
  readonly newest: string | undefined;
  /**
   * Whether the release can work with what is there. Additions of newer releases do no harm: while a fleet is upgraded,
   * old and new processes work side by side, and an old one that is restarted has to come up.
   */
  readonly fits: boolean;
}

/** Compares a database with a folder of migrations. Three short statements; changes nothing. */
export async function readSchemaStanding(db: Db, folder: string = migrationsFolder): Promise<SchemaStanding> {
  const known = await readMigrationNames(folder);
  const applied = (await has(db, 'kysely_migration')) ? await appliedMigrations(db) : [];
  const unknown = applied.filter((name) => !known.includes(name)).sort();
  const pending = known.filter((name) => !applied.includes(name));
  const newest = known.at(-1);
  if (unknown.length === 0) return { pending, unknown, newest, fits: true };
  const mark = (await has(db, 'syncline_installation')) ? await readMark(db) : undefined;
  const fits = mark !== undefined && newest !== undefined && migrationNumber(newest) >= mark;
  return { pending, unknown, newest, fits };
}

/** Throws NewerSchemaError when this release is too old for the database. */
export async function requireFit(db: Db, folder: string = migrationsFolder): Promise<void> {
  const standing = await readSchemaStanding(db, folder);
  if (!standing.fits) throw new NewerSchemaError(standing);
}

/** Of the schema that the sessions are in, and of no other that they may see. */
async function has(db: Db, table: string): Promise<boolean> {
  const { rows } = await sql`
    select from pg_class where relname = ${table} and relnamespace = to_regnamespace(quote_ident(current_schema()))`.execute(
    db,
  );
  return rows.length > 0;
}

async function appliedMigrations(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  return rows.map(({ name }) => name);
}

async function readMark(db: Db): Promise<number | undefined> {
  const row = await db.selectFrom('syncline_installation').select('compatible_from as mark').executeTakeFirst();
  return row?.mark;
}
