import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { ConnectionStatus, FailedItemStatus, JobStatus, WaitReason } from '../schema.js';

// Numbers of all organizations together, for whoever runs the installation.

/** Sync jobs that have not ended, by status; a status that none has is left out. */
export async function countLiveJobs(
  db: Db,
): Promise<{ readonly state: Extract<JobStatus, 'queued' | 'running'>; readonly count: number }[]> {
  return db
    .selectFrom('sync_jobs')
    .where('status', 'in', ['queued', 'running'])
    .select(['status as state', sql<number>`count(*)`.as('count')])
    .groupBy('status')
    .$narrowType<{ state: 'queued' | 'running' }>()
    .execute();
}

/** Entity runs of live jobs that rest, by connector and by what they wait for. */
export async function countWaitingRuns(
  db: Db,
): Promise<{ readonly connector: string; readonly reason: WaitReason; readonly count: number }[]> {
  const { rows } = await sql<{ connector: string; reason: WaitReason; count: number }>`
    select c.connector, p.waiting_for as reason, count(*) as count
    from sync_jobs j
    join connections c on c.id = j.connection_id
    join sync_progress p on p.sync_job_id = j.id and p.status = 'running' and p.waiting_for is not null
    where j.status in ('queued', 'running') and (p.waiting_until is null or p.waiting_until > now())
    group by c.connector, p.waiting_for`.execute(db);
  return rows;
}

/** Failed items that are not resolved, by status. */
export async function countOpenFailedItems(
  db: Db,
): Promise<{ readonly state: Exclude<FailedItemStatus, 'resolved'>; readonly count: number }[]> {
  return db
    .selectFrom('sync_failed_items')
    .where('status', '<>', 'resolved')
    .select(['status as state', sql<number>`count(*)`.as('count')])
    .groupBy('status')
    .$narrowType<{ state: Exclude<FailedItemStatus, 'resolved'> }>()
    .execute();
}

/** Connections that are not deleted, by connector and status. */
export async function countConnections(
  db: Db,
): Promise<{ readonly connector: string; readonly status: ConnectionStatus; readonly count: number }[]> {
  return db
    .selectFrom('connections')
    .where('deleted_at', 'is', null)
    .select(['connector', 'status', sql<number>`count(*)`.as('count')])
    .groupBy(['connector', 'status'])
    .execute();
}
