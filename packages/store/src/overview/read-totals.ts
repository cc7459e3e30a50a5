import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { statesSql } from './states-sql.js';

/** An organization in numbers. Connections that are deleted do not count. */
export interface OverviewTotals {
  readonly connections: number;
  readonly problem: number;
  readonly running: number;
  readonly paused: number;
  readonly openFailedItems: number;
  readonly openAlerts: number;
}

/** One statement. The open failed items are counted in an index, at some milliseconds for a hundred thousand. */
export async function readOverviewTotals(db: Db, organizationId: string): Promise<OverviewTotals> {
  const { rows } = await sql<OverviewTotals>`
    select count(*) as connections, count(*) filter (where state = 'problem') as problem,
      count(*) filter (where state = 'running') as running, count(*) filter (where state = 'paused') as paused,
      coalesce(sum(open_alerts), 0)::bigint as "openAlerts",
      (select count(*) from sync_failed_items
        where organization_id = ${organizationId} and status <> 'resolved') as "openFailedItems"
    from (${statesSql(organizationId)}) as stands`.execute(db);
  const [totals] = rows;
  if (totals === undefined) throw new Error('a count has one row');
  return totals;
}
