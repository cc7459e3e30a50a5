import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { Connection } from './connections.js';
import { type ScheduleTerms, scheduleRow } from './schedules.js';

/**
 * Makes a connection's default schedules, each once by its name: one that was changed or deleted since is not touched,
 * and one that a later release brings is added. `makeTerms` is asked for those that are missing, with Postgres' time.
 * Any number of processes may do so at once. Within the transaction of the caller, if `db` is one.
 */
export async function ensureDefaultSchedules(
  db: Db,
  connection: Pick<Connection, 'id' | 'organizationId'>,
  names: readonly string[],
  makeTerms: (name: string, now: Date) => ScheduleTerms,
): Promise<void> {
  const make = async (trx: Db) => {
    const { made, now } = await trx
      .selectFrom('connections')
      .select(['default_schedules as made', sql<Date>`now()`.as('now')])
      .where('id', '=', connection.id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const missing = names.filter((name) => !made.includes(name));
    if (missing.length === 0) return;
    const of = { organizationId: connection.organizationId, connectionId: connection.id };
    await trx
      .insertInto('sync_schedules')
      .values(missing.map((name) => scheduleRow(of, makeTerms(name, now))))
      .onConflict((conflict) => conflict.columns(['connection_id', 'name']).doNothing())
      .execute();
    await trx
      .updateTable('connections')
      .set({ default_schedules: [...made, ...missing] })
      .where('id', '=', connection.id)
      .execute();
  };
  await (db.isTransaction ? make(db) : db.transaction().execute(make));
}
