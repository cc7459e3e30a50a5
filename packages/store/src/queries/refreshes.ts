import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { Connection } from './connections.js';

/** A connection whose computed tables are of interest. */
export type Refreshed = Pick<Connection, 'id' | 'organizationId'>;

/**
 * Has a function of a connector's migration work off a part of what has changed of a connection, in a transaction of its
 * own of `seconds` at most. Gives whether there is more.
 */
export async function refreshPart(db: Db, run: string, connection: Refreshed, seconds: number): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const limit = `${Math.max(1, Math.ceil(seconds * 1_000))}ms`;
    await sql`select set_config('statement_timeout', ${limit}, true)`.execute(trx);
    const { rows } = await sql<{ more: boolean }>`
      select ${sql.ref(run)}(${connection.organizationId}::uuid, ${connection.id}::uuid) as more`.execute(trx);
    return rows[0]?.more ?? false;
  });
}

/** Whether something of a connection has changed that was not worked off. */
export async function hasChanges(db: Db, changes: string, { id, organizationId }: Refreshed): Promise<boolean> {
  const { rows } = await sql`select 1 from ${sql.table(changes)}
    where connection_id = ${id} and organization_id = ${organizationId} limit 1`.execute(db);
  return rows.length > 0;
}

/** Connections that have changes and no live job, which would see to them at its end, and do not rest after a failure. */
export async function connectionsWithChanges(
  db: Db,
  connector: string,
  { run, changes }: { readonly run: string; readonly changes: string },
  atMost: number,
): Promise<Refreshed[]> {
  const { rows } = await sql<Refreshed>`
    select c.id, c.organization_id as "organizationId" from connections c
    where c.connector = ${connector} and c.deleted_at is null
      and exists (select from ${sql.table(changes)} x
        where x.connection_id = c.id and x.organization_id = c.organization_id)
      and not exists (select from sync_jobs j where j.connection_id = c.id and j.status in ('queued', 'running'))
      and not exists (select from sync_refreshes r
        where r.connection_id = c.id and r.name = ${run} and r.rests_until > now())
    order by c.id limit ${atMost}`.execute(db);
  return rows;
}

/** Notes that what is computed of a connection is up to date. */
export async function noteRefreshed(db: Db, run: string, { id, organizationId }: Refreshed): Promise<void> {
  const now = sql<Date>`now()`;
  const good = { refreshed_at: now, failures: 0, error_message: null, rests_until: null };
  await db
    .insertInto('sync_refreshes')
    .values({ connection_id: id, organization_id: organizationId, name: run, ...good })
    .onConflict((conflict) => conflict.columns(['connection_id', 'name']).doUpdateSet(good))
    .execute();
}

/** Notes that it could not be, and leaves it alone for a while: a minute, two, four, an hour at most. */
export async function noteRefreshFailure(
  db: Db,
  run: string,
  { id, organizationId }: Refreshed,
  message: string,
): Promise<void> {
  const rest = (failures: ReturnType<typeof sql>) =>
    sql<Date>`now() + least(interval '1 hour', interval '1 minute' * power(2, least(${failures}, 10)))`;
  const error_message = message.slice(0, 2000);
  await db
    .insertInto('sync_refreshes')
    .values({
      ...{ connection_id: id, organization_id: organizationId, name: run, error_message, failures: 1 },
      rests_until: rest(sql`0`),
    })
    .onConflict((conflict) =>
      conflict.columns(['connection_id', 'name']).doUpdateSet((eb) => ({
        failures: eb('sync_refreshes.failures', '+', 1),
        error_message,
        rests_until: rest(sql`sync_refreshes.failures`),
      })),
    )
    .execute();
}
