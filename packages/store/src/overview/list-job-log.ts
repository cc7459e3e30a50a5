import type { Db } from '../open-database.js';
import type { JobLogKind } from '../schema.js';

/** Something that happened to a job; what `detail` has by kind: migrations/0024. */
export interface JobLogLine {
  readonly id: number;
  readonly at: Date;
  readonly kind: JobLogKind;
  readonly entity: string | null;
  readonly page: number | null;
  readonly detail: Readonly<Record<string, unknown>> | null;
}

/** The lines of a job behind the one with the id `after`, in the order in which they were written; at most `limit`. */
export async function listJobLog(
  db: Db,
  organizationId: string,
  jobId: string,
  after: number,
  limit: number,
): Promise<JobLogLine[]> {
  return db
    .selectFrom('sync_job_log')
    .select(['id', 'at', 'kind', 'entity', 'page', 'detail'])
    .where('organization_id', '=', organizationId)
    .where('sync_job_id', '=', jobId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}
