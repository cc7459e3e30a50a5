import type { RejectedRecord } from '@syncline/connector-kit';
import { CompiledQuery } from 'kysely';
import type { Db } from '../open-database.js';
import type { TableSql } from '../writer/table-sql.js';
import { markRows } from './mark-rows.js';

/** Records that the vendor does not have, by its own word: each was asked for by its id. */
export interface Gone {
  readonly vendorIds: readonly string[];
  /** By Postgres' clock, before they were asked for: what somebody has written since is newer than the answer. */
  readonly asOf: Date;
}

interface Place {
  readonly sql: TableSql;
  readonly connectionId: string;
}

/**
 * Marks the rows of records that are gone as deleted. Those of which no row is stored were never there, as far as
 * anybody knows: they are failures, each naming its id. In a page's transaction.
 */
export async function settleGone(
  trx: Db,
  { sql, connectionId }: Place,
  { vendorIds, asOf }: Gone,
): Promise<{ readonly deleted: number; readonly unknown: readonly RejectedRecord[] }> {
  if (vendorIds.length === 0) return { deleted: 0, unknown: [] };
  const query = CompiledQuery.raw(sql.sweep.stored, [connectionId, [...vendorIds]]);
  const { rows } = await trx.executeQuery<{ key: string }>(query);
  const stored = new Set(rows.map(({ key }) => key));
  const deleted = await markRows(trx, sql, connectionId, 'markGone', [[...vendorIds], asOf]);
  const unknown = vendorIds
    .filter((id) => !stored.has(id))
    .map((id): RejectedRecord => {
      const message = `The vendor has no record with the id ${id}, and none is stored`;
      return { key: id, code: 'UPSTREAM_GONE', field: undefined, message, raw: null };
    });
  return { deleted, unknown };
}

/**
 * Vendor ids of some live rows beside these, the ones written last first: whoever denies a record by its id has to know
 * at least one of them, or his word is worth nothing.
 */
export async function liveIdsBeside(
  db: Db,
  { sql, connectionId }: Place,
  vendorIds: readonly string[],
  limit: number,
): Promise<string[]> {
  const query = CompiledQuery.raw(sql.sweep.beside, [connectionId, [...vendorIds], limit]);
  const { rows } = await db.executeQuery<{ key: string }>(query);
  return rows.map(({ key }) => key);
}
