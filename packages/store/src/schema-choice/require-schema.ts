import { sql } from 'kysely';
import type { Db } from '../open-database.js';

/** The sessions are not in the schema that they should be in; the message says what to do. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
  /** Whether it may come right without anybody changing a setting: the schema is not there yet. */
  readonly missing: boolean;

  constructor(message: string, missing: boolean) {
    super(message);
    this.missing = missing;
  }
}

interface Standing {
  readonly current: string | null;
  readonly role: string;
  readonly exists: boolean;
}

/**
 * The schema that our statements mean. `wanted` is what was configured; without, it is the role's own.
 *
 * Throws SchemaError when there is none, or when it is not the wanted one: somebody between us and Postgres has dropped
 * the start-up option. Going on would write into tables of others.
 */
export async function requireSchema(db: Db, wanted?: string): Promise<string> {
  const { current, role, exists } = await standingOf(db, wanted);
  if (current !== null && (wanted === undefined || current === wanted)) return current;
  if (wanted === undefined) {
    const path = 'The search path of the role names no schema that exists and that it may use';
    throw new SchemaError(`${path}: set SYNCLINE_DATABASE_SCHEMA, or alter role ${role} set search_path.`, false);
  }
  if (!exists) throw new SchemaError(`The schema ${wanted} does not exist; run npm run migrate.`, true);
  throw new SchemaError(
    `SYNCLINE_DATABASE_SCHEMA is ${wanted}, but the sessions are in ${current ?? 'no schema'}. Either the role ${role} ` +
      `may not use the schema (grant usage on schema ${wanted} to ${role}), or a pooler has dropped the start-up ` +
      `option: connect directly or in session mode, or run alter role ${role} set search_path = ${wanted}.`,
    false,
  );
}

/** Makes the wanted schema unless it is there, and checks that we are in it. Returns its name. Throws SchemaError. */
export async function ensureSchema(db: Db, wanted?: string): Promise<string> {
  if (wanted !== undefined && !(await standingOf(db, wanted)).exists) {
    try {
      await sql`create schema if not exists ${sql.id(wanted)}`.execute(db);
    } catch (error) {
      // Whoever was quicker has made it: `if not exists` looks first and is surprised later.
      if (!(await standingOf(db, wanted)).exists) throw error;
    }
  }
  return requireSchema(db, wanted);
}

async function standingOf(db: Db, wanted: string | undefined): Promise<Standing> {
  const { rows } = await sql<Standing>`
    select current_schema() as current, current_user as role,
      exists (select from pg_namespace where nspname = ${wanted ?? null}) as exists`
    .execute(db)
    .catch((error: unknown) => {
      throw refusesOptions(error) ? new SchemaError(howToDoWithoutOptions(wanted), false) : error;
    });
  const [standing] = rows;
  if (standing === undefined) throw new Error('Postgres did not answer');
  return standing;
}

/** PgBouncer's words, unless it is told to ignore what it does not know. */
function refusesOptions(error: unknown): boolean {
  return error instanceof Error && /unsupported startup parameter.*options/.test(error.message);
}

function howToDoWithoutOptions(wanted: string | undefined): string {
  const path = wanted === undefined ? '' : `, and run alter role … set search_path = ${wanted}`;
  return `The pooler refuses the start-up option that names the schema: put options into its ignore_startup_parameters${path}.`;
}
