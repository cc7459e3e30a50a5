import { sql } from 'kysely';
import type { Db } from '../open-database.js';

/**
 * Where a database is, as text: server, database, schema. A copy that was made by dump or template is at another place; so
 * is one on another server. Undefined parts could not be read.
 */
export async function readPlace(db: Db): Promise<string> {
  const { rows } = await sql<{ database: string; schema: string | null; able: boolean }>`
    select current_database()::text as database, current_schema()::text as schema,
      has_function_privilege('pg_control_system()', 'execute') as able`.execute(db);
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
    // Some managed servers forbid it in their own way; then the names have to do.
    if (db.isTransaction || (error as { code?: unknown }).code !== '42501') throw error;
    return null;
  }
}

/** Whether two places are one, as far as both are known. */
export function isSamePlace(one: string, other: string): boolean {
  const [parts, others] = [JSON.parse(one), JSON.parse(other)] as [unknown[], unknown[]];
  return parts.every((part, i) => part === null || others[i] === null || part === others[i]);
}
