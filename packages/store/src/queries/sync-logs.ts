import type { Selectable } from 'kysely';
import type { Db } from '../open-database.js';
import type { SyncLogView } from '../schema.js';
import { type JobFilter, matchingJobs } from './job-views.js';

export type SyncLog = Omit<Selectable<SyncLogView>, 'organization_id'>;

/**
 * An organization's history as the view sync_logs has it, newest first. The page is found on sync_jobs, by an index, and
 * only its rows are looked at through the view: that adds up the entity runs of every row it is asked about.
 */
export async function listSyncLogs(
  db: Db,
  organizationId: string,
  filter: JobFilter,
  page: { readonly limit: number; readonly offset: number },
): Promise<SyncLog[]> {
  const jobs = matchingJobs(db, organizationId, filter)
    .select('id')
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(page.limit)
    .offset(page.offset);
  const ids = (await jobs.execute()).map(({ id }) => id);
  if (ids.length === 0) return [];
  const logs = await db
    .selectFrom('sync_logs')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('id', 'in', ids)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  return logs.map(({ organization_id: _, ...log }) => log);
}
