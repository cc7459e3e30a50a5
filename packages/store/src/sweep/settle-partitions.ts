import type { Partition } from '@syncline/connector-kit';
import { CompiledQuery } from 'kysely';
import type { Db } from '../open-database.js';
import type { TableSql } from '../writer/table-sql.js';
import { textArray } from '../writer/text-array.js';

/** Parts of the vendor's records, with all that there are of them. */
export interface WholePartitions {
  readonly partitions: readonly Partition[];
  /** All vendor ids of the page that said so: also of records that could not be kept, which are there all the same. */
  readonly vendorIds: readonly string[];
  /** By Postgres' clock, before the page was asked for: what somebody has asked for since then is newer than it. */
  readonly asOf: Date;
}

/**
 * Marks the rows as deleted that partitions do not have any more, and returns how many. In the transaction that writes
 * the page, after its records: a report that is published again is there as a whole, or as it was before.
 */
export async function settlePartitions(
  trx: Db,
  { sql, connectionId }: { readonly sql: TableSql; readonly connectionId: string },
  whole: readonly WholePartitions[],
): Promise<number> {
  const marked: string[] = [];
  for (const { partitions, vendorIds, asOf } of whole) {
    const keys = textArray(vendorIds);
    for (const partition of partitions) {
      const columns = Object.keys(partition);
      const parameters = [connectionId, keys, asOf, ...Object.values(partition)];
      const query = CompiledQuery.raw(sql.vanished(columns), parameters);
      const { rows } = await trx.executeQuery<{ id: string }>(query);
      marked.push(...rows.map(({ id }) => id));
    }
  }
  if (marked.length > 0) {
    for (const elect of sql.electChildren) await trx.executeQuery(CompiledQuery.raw(elect, [marked, connectionId]));
  }
  return marked.length;
}
