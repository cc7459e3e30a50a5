import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { Connection } from '../queries/connections.js';

export interface TableRows {
  /** Live ones. */
  readonly rows: number;
  readonly isEstimated: boolean;
  /** Marked as deleted; null where nobody counts so far. */
  readonly deleted: number | null;
}

/** So many are counted: some milliseconds. Of more than that people want to know the size, and not the last digit. */
const mostCounted = 10_000;

/**
 * How many rows a connection has in each of these target tables, by the table's name. Counted up to ten thousand in one
 * statement; where there are more, what Postgres' planner knows of the table is told instead. A table that whoever asks may not read has no entry: the role of tenants may not, where an adopted table
 * has no row-level security.
 */
export async function countTableRows(
  db: Db,
  { id, organizationId }: Pick<Connection, 'id' | 'organizationId'>,
  tables: readonly string[],
): Promise<Map<string, TableRows>> {
  const own = sql`organization_id = ${organizationId} and connection_id = ${id}`;
  const readable = await readableTables(db, tables);
  if (readable.length === 0) return new Map();
  const counts = readable.map(
    (table) => sql`select ${table} as name, count(*) as all, count(deleted_at) as deleted from (
      select deleted_at from ${sql.table(table)} where ${own} limit ${sql.lit(mostCounted + 1)}) as t`,
  );
  const counted = await sql<{
    name: string;
    all: number;
    deleted: number;
  }>`${sql.join(counts, sql` union all `)}`.execute(db);
  const many = counted.rows.filter(({ all }) => all > mostCounted).map(({ name }) => name);
  const guessed = await estimateRows(db, own, many);
  const told = ({ name, all, deleted }: { name: string; all: number; deleted: number }): TableRows => {
    const guess = guessed.get(name);
    if (guess === undefined) return { rows: all - deleted, isEstimated: false, deleted };
    return { rows: Math.max(guess, mostCounted - deleted), isEstimated: true, deleted: null };
  };
  return new Map(counted.rows.map((row) => [row.name, told(row)]));
}

async function readableTables(db: Db, tables: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from unnest(${[...tables]}::text[]) as name
    where has_table_privilege(quote_ident(name), 'select')`.execute(db);
  return rows.map(({ name }) => name);
}

/** As much of a plan as is needed: how many rows come of it. */
interface Plan {
  readonly 'Plan Rows': number;
}

/** A plan for each: in one for all of them, their parts say what one of several processes would read. */
async function estimateRows(
  db: Db,
  own: ReturnType<typeof sql>,
  tables: readonly string[],
): Promise<Map<string, number>> {
  const guessed = new Map<string, number>();
  for (const table of tables) {
    const { rows } = await sql<{ 'QUERY PLAN': readonly [{ readonly Plan: Plan }] }>`
      explain (format json) select 1 from ${sql.table(table)} where ${own} and deleted_at is null`.execute(db);
    guessed.set(table, rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0);
  }
  return guessed;
}
