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

/** Deleted connections of all organizations, the longest deleted first. */
export async function listDeletedConnections(db: Db, atMost: number): Promise<DeletedConnection[]> {
  return db
    .selectFrom('connections as c')
    .select(['c.id', 'c.organization_id as organizationId', 'c.connector', 'c.delete_data as withData'])
    .select(
      sql<string[]>`array(select j.id from sync_jobs j
        where j.connection_id = c.id and j.status in ('queued', 'running'))`.as('liveJobIds'),
    )
    .where('c.deleted_at', 'is not', null)
    .orderBy('c.deleted_at')
    .limit(atMost)
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
