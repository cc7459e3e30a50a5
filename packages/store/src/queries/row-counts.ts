import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { Connection } from './connections.js';

interface RowCount {
  readonly table: string;
  /** Live ones. */
  readonly rows: number;
  /** Those that are marked as deleted. */
  readonly deleted: number;
}

/** Live rows of target tables. A full count: for a summary, not for a hot path. */
export async function rowCounts(db: Db, tables: readonly string[]): Promise<RowCount[]> {
  const counts: RowCount[] = [];
  for (const table of tables) {
    const query = sql<Omit<RowCount, 'table'>>`
      select count(*) filter (where deleted_at is null) as rows, count(deleted_at) as deleted from ${sql.table(table)}`;
    const { rows } = await query.execute(db);
    counts.push({ table, ...(rows[0] ?? { rows: 0, deleted: 0 }) });
  }
  return counts;
}

/** Live rows of one connection in a target table. A full count of these, too. */
export async function countLiveRows(
  db: Db,
  table: string,
  connection: Pick<Connection, 'id' | 'organizationId'>,
): Promise<number> {
  const { rows } = await sql<{ rows: number }>`
    select count(*) as rows from ${sql.table(table)}
    where organization_id = ${connection.organizationId} and connection_id = ${connection.id}
      and deleted_at is null`.execute(db);
  return rows[0]?.rows ?? 0;
}
