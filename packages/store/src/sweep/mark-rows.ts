import { CompiledQuery, sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { TableSql } from '../writer/table-sql.js';

/**
 * Runs a statement of the sweep that marks or unmarks rows, and returns how many. Where one of several parents was
 * chosen for a child, the choice is made anew. Nothing else of the children is touched.
 */
export async function markRows(
  trx: Db,
  target: TableSql,
  connectionId: string,
  statement: 'markMissing' | 'markGone' | 'revive',
  parameters: readonly unknown[],
): Promise<number> {
  const { electChildren, sweep } = target;
  // There may be a million of them, and without children to look after nobody needs their ids.
  const text = electChildren.length === 0 ? sweep[statement] : `${sweep[statement]}\nreturning t.id`;
  const query = CompiledQuery.raw(text, [connectionId, ...parameters]);
  const run = () => trx.executeQuery<{ id: string }>(query);
  const { rows, numAffectedRows = 0n } = await (statement === 'markGone' ? run() : byHashJoin(trx, run));
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0) {
    for (const elect of electChildren) await trx.executeQuery(CompiledQuery.raw(elect, [ids, connectionId]));
  }
  return Number(numAffectedRows);
}

/**
 * Nested loops over a million rows and a million ids would not end, and the planner, who cannot look into arrays, takes
 * the ids for a few.
 */
export async function byHashJoin<T>(trx: Db, run: () => Promise<T>): Promise<T> {
  await sql`set local enable_nestloop = off`.execute(trx);
  const result = await run();
  await sql`set local enable_nestloop to default`.execute(trx);
  return result;
}
