import { sql } from 'kysely';
import type { Db } from '../open-database.js';

/** A worker that has not been seen for so long counts as dead. */
const deadAfter = sql<Date>`now() - interval '20 seconds'`;

/** Whether any worker is alive, as an expression. */
export const isServed = sql<boolean>`exists (select from workers where seen_at > ${deadAfter})`;

/** A worker's sign of life. Known by its random boot id; host and pid are for people who look for it. */
export async function beatWorker(
  db: Db,
  { bootId, host, pid, release }: Readonly<{ bootId: string; host: string; pid: number; release: string }>,
): Promise<void> {
  await db
    .insertInto('workers')
    .values({ boot_id: bootId, host, pid, release })
    .onConflict((conflict) => conflict.column('boot_id').doUpdateSet({ seen_at: sql<Date>`now()` }))
    .execute();
}

/** A worker that stops says goodbye. */
export async function removeWorker(db: Db, bootId: string): Promise<void> {
  await db.deleteFrom('workers').where('boot_id', '=', bootId).execute();
}

/** Workers that are alive, and when one was last seen if none is. */
export async function readFleet(db: Db): Promise<{ readonly alive: number; readonly lastSeenAt: Date | null }> {
  return db
    .selectFrom('workers')
    .select([
      sql<number>`count(*) filter (where seen_at > ${deadAfter})`.as('alive'),
      sql<Date | null>`max(seen_at)`.as('lastSeenAt'),
    ])
    .executeTakeFirstOrThrow();
}

/** Forgets workers that died long ago. */
export async function forgetDeadWorkers(db: Db): Promise<void> {
  await db.deleteFrom('workers').where('seen_at', '<', sql<Date>`now() - interval '1 day'`).execute();
}

/**
 * Takes or renews a duty that one process at a time has, for `seconds` by Postgres' clock. False while another one holds
 * it. A holder that dies loses it by itself.
 */
export async function takeLease(db: Db, name: string, holder: string, seconds: number): Promise<boolean> {
  const until = sql<Date>`now() + make_interval(secs => ${seconds})`;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('leases')
    .values({ name, holder, held_until: until })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ holder, held_until: until })
        .where((eb) => eb.or([eb('leases.holder', '=', holder), eb('leases.held_until', '<', sql<Date>`now()`)])),
    )
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** Gives a duty back, so that another process need not wait for the lease to end. */
export async function dropLease(db: Db, name: string, holder: string): Promise<void> {
  await db.deleteFrom('leases').where('name', '=', name).where('holder', '=', holder).execute();
}
