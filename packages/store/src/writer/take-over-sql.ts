import type { TableDeclaration } from '@syncline/connector-kit';
import { name } from './identifier.js';

/**
 * The statements by which a connection takes over rows of an adopted table that carry a vendor id and no connection:
 * those of the script that was there before. Without that, their records would be written a second time.
 *
 * Rows without a vendor id are nobody's business but the user's. Of several rows with one id, and where the connection
 * has a row of that id already, one is the connection's and the others stay as they are. Nothing is taken over while a
 * second organization has a connection to the vendor: it could not be told whose a row is.
 *
 * Locking: the rows taken over, in the order of their keys, as the page writer does.
 */
export interface TakeOverSql {
  /** $1 organization, $2 connection, $3 vendor ids (text[]): takes the rows of these records over. */
  readonly records: string;
  /**
   * $1 organization, $2 connection: takes all rows over, if it is the vendor's only connection, so that those which the
   * vendor does not have any more are candidates of the next sweep. They count as written before anything else.
   */
  readonly all: string;
}

export function takeOverSql(table: TableDeclaration): TakeOverSql {
  const t = name(table.name);
  const key = name(table.key);
  const others = (condition: string) => `not exists (
    select from connections other join connections own on own.id = $2::uuid
    where other.connector = own.connector and ${condition})`;
  const free = `not exists (select from ${t} o where o.connection_id = $2::uuid and o.${key} = t.${key})`;
  const owner = `organization_id = $1::uuid, connection_id = $2::uuid,
  last_sync_at = coalesce(t.last_sync_at, 'epoch'::timestamptz)`;
  return {
    records: `
update ${t} t set ${owner}
from (select distinct key from unnest($3::text[]) as given (key) order by key offset 0) k
cross join lateral (
  select u.id from ${t} u where u.connection_id is null and u.${key} = k.key order by u.id limit 1 for update
) unowned
where t.id = unowned.id and ${free} and ${others('other.organization_id <> own.organization_id')}`,
    all: `
update ${t} t set ${owner}
where t.id in (
    select distinct on (u.${key}) u.id from ${t} u
    where u.connection_id is null and u.${key} <> '' order by u.${key}, u.id
  ) and t.connection_id is null and ${free} and ${others('other.id <> own.id')}`,
  };
}
