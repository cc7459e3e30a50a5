import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { Connection } from './connections.js';

/** Live rows of target tables. A full count: for a summary, not for a hot path. */
export async function rowCounts(db: Db, tables: readonly string[]): Promise<{ table: string; rows: number }[]> {
  const counts: { table: string; rows: number }[] = [];
  for (const table of tables) {
    const query = sql<{ rows: number }>`select count(*) as rows from ${sql.table(table)} where deleted_at is null`;
    const result = await query.execute(db);
    counts.push({ table, rows: result.rows[0]?.rows ?? 0 });
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
