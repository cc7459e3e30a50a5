import { sql } from 'kysely';
import type { Db } from '../open-database.js';

/** A connection that was deleted, and whose rows are still there. */
export interface DeletedConnection {
  readonly id: string;
  readonly organizationId: string;
  readonly connector: string;
  /** The rows of its target tables go as well. */
  readonly withData: boolean;
  /** Jobs that somebody started at the very moment of the deletion. */
  readonly liveJobIds: readonly string[];
}

/** After something was in the way of an erasure, it rests for so long: nobody's word is waited for by every round. */
const restMinutes = 10;

/** Deleted connections of all organizations that may be erased now, the longest deleted first. */
export async function listDeletedConnections(db: Db, atMost: number): Promise<DeletedConnection[]> {
  return db
    .selectFrom('connections as c')
    .select(['c.id', 'c.organization_id as organizationId', 'c.connector', 'c.delete_data as withData'])
    .select(
      sql<string[]>`array(select j.id from sync_jobs j
        where j.connection_id = c.id and j.status in ('queued', 'running'))`.as('liveJobIds'),
    )
    .where('c.deleted_at', 'is not', null)
    .where(sql<boolean>`(c.status_reason = 'deleted' or c.updated_at < now() - make_interval(mins => ${restMinutes}))`)
    .orderBy('c.deleted_at')
    .limit(atMost)
    .execute();
}

/** Notes what was in the way: a row of the user's own that refers to one of ours, a trigger that refuses. */
export async function noteErasureFailure(
  db: Db,
  { id }: Pick<DeletedConnection, 'id'>,
  message: string,
): Promise<void> {
  await db
    .updateTable('connections')
    .set({ status_reason: `not erased: ${message}`.slice(0, 2000), updated_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('deleted_at', 'is not', null)
    .execute();
}

/** Deletes a connection's rows of one of its target tables, `atMost` of them. Gives how many went. */
export async function eraseRows(
  db: Db,
  connection: Pick<DeletedConnection, 'id' | 'organizationId'>,
  table: string,
  atMost: number,
): Promise<number> {
  const target = sql.table(table);
  const { numAffectedRows } = await sql`
    delete from ${target} where ctid = any(array(
      select ctid from ${target}
      where connection_id = ${connection.id} and organization_id = ${connection.organizationId}
      limit ${atMost}))`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/**
 * Deletes the connection itself and, with it, its history, state and failed items. Only one that was marked as deleted
 * and has no live job: false otherwise.
 */
export async function eraseConnection(
  db: Db,
  connection: Pick<DeletedConnection, 'id' | 'organizationId'>,
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('connections')
    .where('organization_id', '=', connection.organizationId)
    .where('id', '=', connection.id)
    .where('deleted_at', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('sync_jobs as j')
            .select('j.id')
            .whereRef('j.connection_id', '=', 'connections.id')
            .where('j.status', 'in', ['queued', 'running']),
        ),
      ),
    )
    .executeTakeFirst();
  return numDeletedRows === 1n;
}
