import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { RestoredSync } from '../schema.js';
import type { Installation } from './installation.js';

/** Much more than any flow is laid out: the nodes of a life that has ended are not met again. */
const roundsApart = 1_000;
const epochsApart = 1_000_000;

/**
 * Ends a life of the data, because Postgres went back in time, and begins another one. Whoever has an entity run or a
 * verification in hand since before is fenced off, also where the backup was made in the middle of it.
 *
 * `lostForSeconds`: how long ago the lost life was last seen. `recorded` false: there is nothing that could have been lost.
 * False when somebody else was quicker. Locks the installation's row, and then the live runs.
 */
export async function beginNewLife(
  db: Db,
  before: Installation,
  { lostForSeconds, recorded }: { readonly lostForSeconds: number; readonly recorded: boolean },
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const changed = await trx
      .updateTable('syncline_installation')
      .set({
        identity: sql<string>`gen_random_uuid()`,
        ancestors: sql<string[]>`ancestors || identity`,
        place: before.here,
      })
      .where('identity', '=', before.identity)
      .where('generation', '=', before.generation)
      .executeTakeFirst();
    if (changed.numUpdatedRows === 0n) return false;
    if (recorded) {
      await sql`
        insert into syncline_restorations (lost_from, lost_until)
        values (${before.countedAt}, greatest(${before.countedAt}, now() - make_interval(secs => ${lostForSeconds})))`.execute(
        trx,
      );
    }
    await sql`
      update sync_progress set epoch = epoch + 1, claim = gen_random_uuid(), worker = null
      where status = 'running'`.execute(trx);
    await sql`
      update sync_jobs set flow_round = flow_round + ${roundsApart} where status in ('queued', 'running')`.execute(trx);
    await sql`
      update verifications set epoch = epoch + ${epochsApart} where status in ('queued', 'running')`.execute(trx);
    return true;
  });
}

/** A restore that was noticed. */
export interface Restoration {
  readonly id: string;
  readonly noticedAt: Date;
  readonly lostFrom: Date;
  readonly lostUntil: Date;
  readonly putRightAt: Date | null;
  readonly syncs: readonly RestoredSync[];
}

/** All that were noticed, the latest first. */
export async function listRestorations(db: Db): Promise<Restoration[]> {
  return db
    .selectFrom('syncline_restorations')
    .select([
      'id',
      'noticed_at as noticedAt',
      'lost_from as lostFrom',
      'lost_until as lostUntil',
      'put_right_at as putRightAt',
      'syncs',
    ])
    .orderBy('noticed_at', 'desc')
    .execute();
}

/** Notes that the queues are right again, and the syncs that were started for it. */
export async function notePutRight(db: Db, id: string, syncs: readonly RestoredSync[]): Promise<void> {
  await db
    .updateTable('syncline_restorations')
    .set({ put_right_at: sql<Date>`now()`, syncs: JSON.stringify(syncs) })
    .where('id', '=', id)
    .execute();
}
