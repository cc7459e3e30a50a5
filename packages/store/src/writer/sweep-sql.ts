import type { TableDeclaration } from '@syncline/connector-kit';
import { name } from './identifier.js';
import { tombstoneOf } from './tombstone.js';

/**
 * The statements that mark rows as deleted which the vendor's list no longer has.
 *
 * Candidates are rows of the connection that are live, that nobody has asked for since the scan began, and whose ids the
 * scan has not met. What a scan says counts as said when it began (last_sync_at): a record that was asked for later than
 * that, and was there, comes back to life, also where somebody confirms a held sweep while the next scan is under way. Nobody is at the mercy of the planner's guesses about arrays: callers switch nested loops off for
 * all but `markGone` (a million rows against a million ids would not end); what is left is found by index.
 *
 * `look`, `live`, `stored` and `beside` lock nothing, the others the rows they change: `t` in them.
 */
export interface SweepSql {
  /**
   * $1 connection, $2 scans (uuid[]), $3 the scan's start, $4 how many ids are wanted → (missing, ids, returned): how
   * many candidates there are, the first of their ids, and how many rows are marked as deleted although they were met,
   * and although the vendor does not say that they are out of use.
   * One pass over the connection's rows.
   */
  readonly look: string;
  /** $1 connection → (live): its rows that are not marked as deleted. */
  readonly live: string;
  /** $1 connection, $2 scans, $3 the scan's start: marks every candidate. */
  readonly markMissing: string;
  /** $1 connection, $2 vendor ids, $3 the scan's start: marks those of them that nobody has asked for since. */
  readonly markGone: string;
  /** $1 connection, $2 scans, $3 the scan's start: unmarks rows that were met although they had been marked. */
  readonly revive: string;
  /** $1 connection, $2 vendor ids → (key): those of them that have a row, deleted or not. */
  readonly stored: string;
  /** $1 connection, $2 vendor ids, $3 how many are wanted → (key): live rows with other ids, those asked for last first. */
  readonly beside: string;
}

export function sweepSql(table: TableDeclaration): SweepSql {
  const t = name(table.name);
  const key = name(table.key);
  const met = 'select unnest(s.vendor_ids) as id from sync_seen s where s.scan_id = any($2::uuid[])';
  const untouched = 't.connection_id = $1::uuid and t.last_sync_at < $3::timestamptz';
  // Locked in the order of their keys, as the page writer does, so that the two cannot deadlock.
  const change = (keys: string, state: string, deletedAt: string) => `
, chosen as (
  select t.id from ${t} t where ${untouched} and t.deleted_at ${state} and t.${key} = any(array(${keys}))
  order by t.${key} for update
)
update ${t} t set deleted_at = ${deletedAt}, last_sync_at = $3::timestamptz where t.id = any(array(select id from chosen))`;
  return {
    look: `
with odd as materialized (
  select t.${key} as key, t.deleted_at is null as live
  from ${t} t left join (${met}) m on m.id = t.${key}
  where ${untouched} and (t.deleted_at is null) = (m.id is null) and (m.id is null or ${tombstoneOf(table, 't')} is null)
)
select (select count(*) from odd where live) as missing, (select count(*) from odd where not live) as returned,
  array(select key from odd where live order by key limit $4) as ids`,
    live: `select count(*) as live from ${t} where connection_id = $1::uuid and deleted_at is null`,
    // In the order of the pages, because any other visits each of them many times over. A writer that locks several of
    // the same rows meanwhile might deadlock with it; then one of the two is tried again.
    markMissing: `
update ${t} t set deleted_at = now(), last_sync_at = $3::timestamptz
where ${untouched} and t.deleted_at is null and not exists (select from (${met}) m where m.id = t.${key})`,
    markGone: `
with gone as (select unnest($2::text[]) as key)${change('select key from gone', 'is null', 'now()')}`,
    revive: `
with met as materialized (
  select t.${key} as key from ${t} t join (${met}) m on m.id = t.${key}
  where ${untouched} and t.deleted_at is not null and ${tombstoneOf(table, 't')} is null
)${change('select key from met', 'is not null', 'null')}`,
    stored: `select ${key} as key from ${t} where connection_id = $1::uuid and ${key} = any($2::text[])`,
    beside: `
select ${key} as key from ${t}
where connection_id = $1::uuid and deleted_at is null and ${key} <> all($2::text[])
order by last_sync_at desc limit $3::int`,
  };
}
