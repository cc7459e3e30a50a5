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

interface LogPage {
  /** `asc`: as they were written. */
  readonly order: 'asc' | 'desc';
  /** The id of the last line of the page before, in that order; undefined for the first page. */
  readonly after: number | undefined;
  readonly limit: number;
}

/** A page of a job's lines. */
export async function listJobLog(
  db: Db,
  organizationId: string,
  jobId: string,
  { order, after, limit }: LogPage,
): Promise<JobLogLine[]> {
  return db
    .selectFrom('sync_job_log')
    .select(['id', 'at', 'kind', 'entity', 'page', 'detail'])
    .where('organization_id', '=', organizationId)
    .where('sync_job_id', '=', jobId)
    .$if(after !== undefined, (query) => query.where('id', order === 'asc' ? '>' : '<', after ?? 0))
    .orderBy('id', order)
    .limit(limit)
    .execute();
}
