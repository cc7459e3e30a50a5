import { sql } from 'kysely';
import type { Db } from '../open-database.js';

/** What a server of Postgres says about itself. */
export interface ServerFacts {
  /** Such as 180001. */
  readonly version: number;
  /** A standby, or a session that may not write. */
  readonly readOnly: boolean;
  readonly now: Date;
  /** Connections that roles like ours may open, how many there are, and how many of them are ours. */
  readonly connections: { readonly most: number; readonly open: number; readonly ours: number };
}

/** One statement, without a table. */
export async function readServerFacts(db: Db): Promise<ServerFacts> {
  const { rows } = await sql<{
    version: number;
    readOnly: boolean;
    now: Date;
    most: number;
    open: number;
    ours: number;
  }>`
    select current_setting('server_version_num')::int as version, clock_timestamp() as now,
      pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as "readOnly",
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most,
      (select count(*) from pg_stat_activity where backend_type = 'client backend') as open,
      (select count(*) from pg_stat_activity where application_name like 'syncline%') as ours`.execute(db);
  const [facts] = rows;
  if (facts === undefined) throw new Error('Postgres did not answer');
  const { version, readOnly, now, ...connections } = facts;
  return { version, readOnly, now, connections };
}

/** A table that is large, by Postgres' own counting. */
export interface TableSize {
  readonly table: string;
  readonly bytes: number;
  readonly live: number;
  /** Rows that are gone and whose room is not free yet. */
  readonly dead: number;
}

/** The largest tables of the schema that the sessions are in; reads statistics, no table. */
export async function listLargestTables(db: Db, limit: number): Promise<TableSize[]> {
  const { rows } = await sql<TableSize>`
    select c.relname::text as table, pg_total_relation_size(c.oid) as bytes,
      coalesce(s.n_live_tup, 0) as live, coalesce(s.n_dead_tup, 0) as dead
    from pg_class c left join pg_stat_user_tables s on s.relid = c.oid
    where c.relnamespace = to_regnamespace(quote_ident(current_schema())) and c.relkind = 'r'
    order by 2 desc limit ${limit}`.execute(db);
  return rows;
}
