import { sql } from 'kysely';
import type { Db } from '../open-database.js';

export interface SummaryRequest {
  /** A target table. */
  readonly table: string;
  /** Columns of text of which it is counted how many rows have one. */
  readonly filled: readonly string[];
  /** Columns of the rows that changed last. */
  readonly shown: readonly string[];
  /** How many of these. */
  readonly latest: number;
}

export interface TableSummary {
  readonly rows: number;
  /** By column: rows in which it is neither null nor empty. */
  readonly filled: Readonly<Record<string, number>>;
  /** By the vendor's time, the newest first; rows whose time is not known are not among them. */
  readonly latest: readonly { readonly changedAt: Date; readonly values: Readonly<Record<string, unknown>> }[];
}

/**
 * What an organization has in a target table, in numbers and by what changed last. Rows that are deleted do not count.
 * The numbers are a full count of the organization's rows; the latest are found by the index on
 * (organization_id, source_updated_at desc), where the table has one.
 */
export async function readTableSummary(
  db: Db,
  organizationId: string,
  { table, filled, shown, latest }: SummaryRequest,
): Promise<TableSummary> {
  const live = sql`from ${sql.table(table)} where organization_id = ${organizationId} and deleted_at is null`;
  const counts = filled.map((column) => sql`count(*) filter (where ${sql.ref(column)} <> '') as ${sql.ref(column)}`);
  const columns = [...new Set([...shown, 'source_updated_at'])].map((column) => sql.ref(column));
  const [counted, found] = await Promise.all([
    sql<Record<string, number>>`select ${sql.join([sql`count(*) as "rows"`, ...counts])} ${live}`.execute(db),
    sql<Record<string, unknown> & { source_updated_at: Date }>`
      select ${sql.join(columns)} ${live} and source_updated_at is not null
      order by source_updated_at desc limit ${latest}`.execute(db),
  ]);
  const { rows = 0, ...of } = counted.rows[0] ?? {};
  return {
    rows,
    filled: of,
    latest: found.rows.map((row) => ({
      changedAt: row.source_updated_at,
      values: Object.fromEntries(shown.map((column) => [column, row[column]])),
    })),
  };
}
