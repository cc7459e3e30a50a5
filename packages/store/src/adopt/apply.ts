import { sql } from 'kysely';
import type { MigrationFile } from '../migration-files.js';
import type { Db } from '../open-database.js';
import { migrationLock } from '../schema-choice/migration-lock.js';

/** Keeps migrations and other adoptions out until the transaction ends; waits for whoever is at it. */
export async function holdMigrations(trx: Db, schema: string, lockTimeoutMs: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${migrationLock(schema)})`.execute(trx);
  // A lock that we wait for makes everybody else wait behind us.
  await sql`select set_config('lock_timeout', ${String(lockTimeoutMs)}, true)`.execute(trx);
}

/** Names of the migrations that the schema has. */
export async function executedMigrations(trx: Db): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(trx);
  return new Set(rows.map(({ name }) => name));
}

/** The tables in which Kysely's migrator keeps what it has done, as it makes them itself. */
const migratorTables = [
  'create table if not exists kysely_migration (name varchar(255) primary key, "timestamp" varchar(255) not null);',
  'create table if not exists kysely_migration_lock (id varchar(255) primary key, is_locked integer not null default 0);',
  "insert into kysely_migration_lock (id, is_locked) values ('migration_lock', 0) on conflict do nothing;",
];

export interface AdoptionSteps {
  readonly before: readonly string[];
  readonly pending: readonly MigrationFile[];
  readonly after: readonly string[];
  /** Tables of the user's: migrations leave their row-level security as it is. */
  readonly adopted: readonly string[];
}

/** Runs everything in its order, and returns it as SQL. */
export async function applyAll(trx: Db, { before, pending, after, adopted }: AdoptionSteps): Promise<string[]> {
  const migrations = pending.flatMap(({ name, text }) => [
    `-- ${name}\n${text.trim()}`,
    `insert into kysely_migration (name, "timestamp") values ('${name}', '${new Date().toISOString()}');`,
  ]);
  const setting = `set local syncline.adopted = '${adopted.join(',')}';`;
  const own = pending.length === 0 ? [] : [...migratorTables, setting, ...migrations, 'select secure_tenant_tables();'];
  const statements = [...before, ...own, ...after];
  for (const statement of statements) await sql.raw(statement).execute(trx);
  return statements;
}
