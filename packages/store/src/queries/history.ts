import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { hasUnreadEntity } from './sync-outcome.js';

/** An organization's syncs in numbers, over all of the history that is kept. */
export interface HistoryTotals {
  readonly total: number;
  /** Every entity of them was read to its end. */
  readonly wholes: number;
  /** An entity of them could not be read. */
  readonly failures: number;
  /** When the last one began, or was asked for. */
  readonly lastAt: Date | null;
  readonly lastWholeAt: Date | null;
  /** Of those that came to an end by themselves; null when none has. */
  readonly averageSeconds: number | null;
}

/**
 * A sync that is `partial` counts as whole if all that is missing are records that could not be kept, or pages that the
 * next one goes on with; it has failed if one of its entities has.
 */
export async function readHistoryTotals(db: Db, organizationId: string): Promise<HistoryTotals> {
  const { rows } = await sql<HistoryTotals>`
    with syncs as (
      select coalesce(j.started_at, j.created_at) as began, j.started_at, j.ended_at,
        case when j.status <> 'partial' then j.status
          when ${hasUnreadEntity('j')} then 'failed'
          else 'succeeded' end as outcome
      from sync_jobs j
      where j.organization_id = ${organizationId})
    select count(*) as total,
      count(*) filter (where outcome = 'succeeded') as wholes,
      count(*) filter (where outcome = 'failed') as failures,
      max(began) as "lastAt",
      max(began) filter (where outcome = 'succeeded') as "lastWholeAt",
      avg(extract(epoch from ended_at - started_at)::float8)
        filter (where outcome in ('succeeded', 'failed')) as "averageSeconds"
    from syncs`.execute(db);
  const [totals] = rows;
  if (totals === undefined) throw new Error('an aggregate without a row');
  return totals;
}
