import { SyncError } from '@syncline/connector-kit';
import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { lockScans } from '../queries/scans.js';
import { type Standing, standingOf } from '../queries/standing.js';
import { afterLostRaces } from '../writer/after-lost-races.js';
import { type Fence, isHolder } from '../writer/commit-pages.js';

/** A run that has read the whole list, on its way to its end. */
export interface SweepRun extends Fence {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly scanId: string;
}

/**
 * What became of a step of a sweep. not-whole: the scan is gone, or does not know every page; nothing was done.
 * paused, cancelled: the job must not go on; nothing was done either.
 */
export type Swept = { readonly deleted: number } | 'not-whole' | Exclude<Standing, 'live'>;

/**
 * Runs a step of a sweep in a transaction of its own, which holds the run and its scan.
 *
 * Throws SyncError FENCED_OUT when another worker has taken the run over, and Error (a bug) for a run that has not read
 * the whole list.
 */
export async function inScan(
  db: Db,
  run: SweepRun,
  step: (trx: Db, startedAt: Date) => Promise<{ readonly deleted: number }>,
): Promise<Swept> {
  const transaction = () =>
    db.transaction().execute(async (trx): Promise<Swept> => {
      const standing = await holdRun(trx, run);
      if (standing !== 'live') return standing;
      const scan = (await lockScans(trx, run.connectionId, run.entity)).find(({ id }) => id === run.scanId);
      if (scan === undefined || !(await isWhole(trx, run.scanId))) return 'not-whole';
      return step(trx, scan.started_at);
    });
  return afterLostRaces(transaction);
}

/**
 * Locks the run's row, and checks that it is still ours and that it may sweep at all. One whose last page Postgres has
 * lost in a failover since is nobody's: whoever claims it next reads on from there.
 */
async function holdRun(trx: Db, run: SweepRun): Promise<Standing> {
  const row = await trx
    .selectFrom('sync_progress as p')
    .innerJoin('sync_jobs as j', 'j.id', 'p.sync_job_id')
    .innerJoin('connections as c', 'c.id', 'p.connection_id')
    .innerJoin('organizations as o', 'o.id', 'p.organization_id')
    .select(['p.epoch', 'p.claim', 'p.status', 'p.mode', 'p.all_pages_read', 'p.scan_id', standingOf.as('standing')])
    .where('p.sync_job_id', '=', run.syncJobId)
    .where('p.entity', '=', run.entity)
    .forUpdate('p')
    .executeTakeFirst();
  if (row === undefined || !isHolder(row, run) || row.status !== 'running' || !row.all_pages_read) {
    throw new SyncError('FENCED_OUT', undefined, { details: { entity: run.entity, epoch: run.epoch } });
  }
  if (row.mode !== 'full' || row.scan_id !== run.scanId) {
    throw new Error(`${run.entity}: only a run that has read the whole list may sweep`);
  }
  return row.standing;
}

/**
 * Whether the scan knows the ids of every page of every run that is part of it. Commits of a worker of an older release
 * would be missing: then nobody can say what the list did not have.
 */
export async function isWhole(trx: Db, scanId: string): Promise<boolean> {
  const { rows } = await sql<{ whole: boolean | null }>`
    select bool_and(p.pages - p.scan_from_page = coalesce(s.pages, 0)) as whole
    from sync_progress p
    left join (select sync_job_id, sum(pages) as pages from sync_seen where scan_id = ${scanId} group by 1) s
      on s.sync_job_id = p.sync_job_id
    where p.scan_id = ${scanId}`.execute(trx);
  return rows[0]?.whole ?? false;
}
