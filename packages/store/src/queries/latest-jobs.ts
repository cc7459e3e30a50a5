import type { Db } from '../open-database.js';
import type { JobStatus } from '../schema.js';
import { type JobView, listJobs } from './job-views.js';

/** The newest job of each connection of an organization among those that stand as given. Three queries, however many. */
export async function latestJobs(
  db: Db,
  organizationId: string,
  statuses: readonly JobStatus[],
): Promise<Map<string, JobView>> {
  const newest = await db
    .selectFrom('connections as c')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('sync_jobs as j')
          .select('j.id')
          .whereRef('j.connection_id', '=', 'c.id')
          .where('j.status', 'in', [...statuses])
          .orderBy('j.created_at', 'desc')
          .limit(1)
          .as('newest'),
      (join) => join.onTrue(),
    )
    .select('newest.id')
    .where('c.organization_id', '=', organizationId)
    .where('c.deleted_at', 'is', null)
    .execute();
  const ids = newest.map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const jobs = await listJobs(db, organizationId, { ids }, { limit: ids.length, offset: 0 });
  return new Map(jobs.map((job) => [job.connectionId, job]));
}
