import { sql } from 'kysely';
import pg from 'pg';
import type { Db } from '../open-database.js';
import { isTransientDatabaseError } from '../transient-error.js';

/**
 * Where a database is, as text: server, database, schema. A copy that was made by dump or template is at another place; so
 * is one on another server. Undefined parts could not be read. The schema is that of our tables and not the first one that a
 * role looks in: another role, or a schema of a role's own name that somebody makes, would be a move.
 */
export async function readPlace(db: Db): Promise<string> {
  const { rows } = await sql<{ database: string; schema: string | null; able: boolean }>`
    select current_database()::text as database,
      (select n.nspname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.oid = to_regclass('syncline_installation')) as schema,
      coalesce(has_function_privilege(to_regprocedure('pg_control_system()'), 'execute'), false) as able`.execute(db);
  const [{ database, schema, able } = { database: '', schema: null, able: false }] = rows;
  return JSON.stringify([able ? await readServer(db) : null, database, schema]);
}

/** Given to a server's data when they are made; a standby, and a copy of the files, have the same. */
async function readServer(db: Db): Promise<string | null> {
  try {
    const { rows } = await sql<{ server: string }>`
      select system_identifier::text as server from pg_control_system()`.execute(db);
    return rows[0]?.server ?? null;
  } catch (error) {
    // Managed servers forbid it in ways of their own (0A000, XX000, 42501); then the names have to do. Thrown, it would be
    // as if Postgres were away for good, and nothing would ever be worked on.
    if (db.isTransaction || !isRefusal(error)) throw error;
    return null;
  }
}

/** An answer of a server that is well, and not that it is away. */
function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !isTransientDatabaseError(error);
}

/** Whether two places are one, as far as both are known. */
export function isSamePlace(one: string, other: string): boolean {
  const [parts, others] = [JSON.parse(one), JSON.parse(other)] as [unknown[], unknown[]];
  return parts.every((part, i) => part === null || others[i] === null || part === others[i]);
}
