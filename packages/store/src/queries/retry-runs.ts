import { sql } from 'kysely';
import pg from 'pg';
import type { Db } from '../open-database.js';
import { shortened } from './failed-items.js';
import type { ClaimedItem } from './recovery.js';

const uniqueViolation = '23505';

/**
 * Takes an ended job up again for its failed entity runs: the one named, or all; entities that were skipped get their
 * turn too. They go on at their checkpoints.
 *
 * `busy` when another job of the connection is live: its turn first. `no` when there is nothing to take up: the job was
 * cancelled, or the run has not failed.
 */
export async function reopenRuns(db: Db, syncJobId: string, entity: string): Promise<'yes' | 'no' | 'busy'> {
  try {
    return await db.transaction().execute(async (trx) => {
      const job = await trx
        .updateTable('sync_jobs')
        .set({ status: 'running', ended_at: null, error_code: null, error_message: null })
        .where('id', '=', syncJobId)
        .where('status', 'in', ['partial', 'failed'])
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('sync_progress as p')
              .select('p.entity')
              .whereRef('p.sync_job_id', '=', 'sync_jobs.id')
              .where('p.status', '=', 'failed')
              .$if(entity !== '', (failed) => failed.where('p.entity', '=', entity)),
          ),
        )
        .returning('id')
        .executeTakeFirst();
      if (job === undefined) return 'no';
      await trx
        .updateTable('sync_progress')
        .set({ status: 'pending', attempts: 0, error_code: null, error_message: null, ended_at: null })
        .where('sync_job_id', '=', syncJobId)
        .where(({ eb, and, or }) => {
          const asked = entity === '' ? [] : [eb('entity', '=', entity)];
          return or([eb('status', '=', 'skipped'), and([eb('status', '=', 'failed'), ...asked])]);
        })
        .execute();
      return 'yes';
    });
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === uniqueViolation) return 'busy';
    throw error;
  }
}

/** Notes that the sync of this job now tries what failed. */
export async function noteRunUnderWay(
  db: Db,
  item: Pick<ClaimedItem, 'id'>,
  claim: string,
  syncJobId: string,
): Promise<void> {
  await db
    .updateTable('sync_failed_items')
    .set({ sync_job_id: syncJobId, claim: null, claimed_until: null, next_attempt_at: null })
    .where('id', '=', item.id)
    .where('claim', '=', claim)
    .where('status', '=', 'retrying')
    .execute();
}

/** Gives an item up whose retry could not even begin. False when it is in other hands since. */
export async function giveUpWhole(
  db: Db,
  item: Pick<ClaimedItem, 'id'>,
  claim: string,
  failure: { readonly code: string; readonly message: string },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('sync_failed_items')
    .set((eb) => ({
      status: 'pending',
      attempts: eb('attempts', '+', 1),
      error_code: failure.code,
      message: shortened(failure.message),
      claimed_until: null,
      next_attempt_at: null,
      updated_at: sql<Date>`now()`,
    }))
    .where('id', '=', item.id)
    .where('claim', '=', claim)
    .where('status', '=', 'retrying')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/**
 * Settles items of entity runs and jobs whose retry has ended without anybody saying so: the run came through, or it is
 * dead as before. What a run's own end settles is settled already.
 */
export async function settleEndedRetries(db: Db): Promise<void> {
  await sql`
    update sync_failed_items f set updated_at = now(),
      status = case when came_through then 'resolved' else 'dead' end,
      resolved_at = case when came_through then now() end, resolved_by = case when came_through then 'sync' end
    from (
      select i.id, case i.kind when 'job' then j.status in ('succeeded', 'partial')
        else coalesce(p.status in ('succeeded', 'partial'), false) end as came_through
      from sync_failed_items i
      left join sync_jobs j on j.id = i.sync_job_id
      left join sync_progress p on p.sync_job_id = i.sync_job_id and p.entity = i.entity
      where i.status = 'retrying' and i.claim is null and i.kind in ('entity_run', 'job')
        and (j.id is null or j.status not in ('queued', 'running'))) ended
    where f.id = ended.id and f.status = 'retrying' and f.claim is null`.execute(db);
}
