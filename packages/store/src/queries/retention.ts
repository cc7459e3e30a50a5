import { sql } from 'kysely';
import type { Db } from '../open-database.js';

/** Tables that old rows are cleared away from. */
export const retainedTables = [
  'sync_jobs',
  'sync_progress',
  'sync_failed_items',
  'sync_schedule_runs',
  'audit_log',
] as const;
export type Deleted = Readonly<Record<(typeof retainedTables)[number], number>>;

/**
 * Clears away what is older than `days` (1 to 36500), of one organization or of all: at most `atMost` rows of a table,
 * in one transaction. What goes and what never does: `cleanup_old_sync_data` in migrations/0007_admin.sql.
 */
export async function clearOldRows(
  db: Db,
  { days, organizationId, atMost }: { days: number; organizationId: string | null; atMost: number },
): Promise<Deleted> {
  const { rows } = await sql<{ table_name: string; deleted: number }>`
    select * from cleanup_old_sync_data(${days}, ${organizationId}::uuid, ${atMost})`.execute(db);
  const of = (table: string) => rows.find(({ table_name }) => table_name === table)?.deleted ?? 0;
  return Object.fromEntries(retainedTables.map((table) => [table, of(table)])) as Record<keyof Deleted, number>;
}
