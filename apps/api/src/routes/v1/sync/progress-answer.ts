import { guideStatus, isRead, operationOf, percentage, recordsTotal, stepOf, syncStatuses } from '@syncline/engine';
import type { JobProgress } from '@syncline/store';
import { z } from 'zod';
import { failureTypeOf, failureTypes } from '../../../problems/failure-types.js';

const instant = z.iso.datetime();
const count = z.int().min(0);

export const syncErrorSchema = z.object({
  error_type: z.enum(failureTypes),
  error_code: z.string(),
  entity: z.string().nullable().describe('Null when it is about the sync as a whole'),
  message: z.string(),
});
type SyncErrorAnswer = z.infer<typeof syncErrorSchema>;

/** How far a sync is, in the guide's fields. */
export const progressSchema = z
  .object({
    sync_id: z.guid(),
    organization_id: z.string(),
    status: z.enum(syncStatuses),
    progress_percentage: z.number().min(0).max(100).describe('Never goes back while the sync lives'),
    current_step: z.string(),
    total_steps: count.describe('Entities of the sync'),
    completed_steps: count,
    started_at: instant.describe('Of a sync that waits in its queue: when it was asked for'),
    estimated_completion: instant.nullable().describe('Null where nobody can tell'),
    records_processed: count,
    records_total: count.nullable().describe('Null while it is not known; never less than records_processed'),
    current_operation: z.string(),
    errors: z.array(syncErrorSchema).describe('Without what the records hold'),
  })
  .meta({ id: 'SyncProgress', description: 'How far a sync is' });
export type ProgressAnswer = z.infer<typeof progressSchema>;

/** `organization`: the name by which it was asked for. */
export function progressAnswer(job: JobProgress, organization: string): ProgressAnswer {
  const { runs, startedAt, createdAt } = job;
  return {
    sync_id: job.id,
    organization_id: organization,
    status: guideStatus(job),
    progress_percentage: percentage(job),
    current_step: stepOf(job),
    total_steps: runs.length,
    completed_steps: runs.filter(({ status }) => isRead(status)).length,
    started_at: (startedAt ?? createdAt).toISOString(),
    estimated_completion: estimate(job)?.toISOString() ?? null,
    records_processed: recordsRead(job),
    records_total: recordsTotal(runs),
    current_operation: operationOf(job),
    errors: syncErrors(job),
  };
}

/** What went wrong so far: an entity's own error, and how many of its records could not be kept. */
export function syncErrors(job: Pick<JobProgress, 'errorCode' | 'errorMessage' | 'runs'>): SyncErrorAnswer[] {
  const errors: SyncErrorAnswer[] = [];
  for (const { entity, errorCode, errorMessage, recordsFailed } of job.runs) {
    if (errorCode !== null) errors.push(errorOf(errorCode, entity, errorMessage ?? errorCode));
    if (recordsFailed === 0) continue;
    const records = recordsFailed === 1 ? '1 record' : `${recordsFailed} records`;
    const message = `${records} could not be kept, and stay as failed items: GET /api/v1/failed-items`;
    errors.push({ error_type: 'invalid_data_format', error_code: 'RECORD_INVALID', entity, message });
  }
  // The job's own error is that of an entity, said again; only without one it says something new.
  if (errors.length > 0 || job.errorCode === null) return errors;
  return [errorOf(job.errorCode, null, job.errorMessage ?? job.errorCode)];
}

function errorOf(code: string, entity: string | null, message: string): SyncErrorAnswer {
  return { error_type: failureTypeOf(code), error_code: code, entity, message };
}

function recordsRead({ runs }: Pick<JobProgress, 'runs'>): number {
  return runs.reduce((sum, run) => sum + run.recordsRead, 0);
}

/** When it ends if it goes on as until now. A rest that has an end comes before that. */
function estimate(job: JobProgress): Date | undefined {
  const total = recordsTotal(job.runs);
  const read = recordsRead(job);
  if (job.status !== 'running' || job.startedAt === null || total === null || read === 0) return undefined;
  const elapsed = job.asOf.getTime() - job.startedAt.getTime();
  const rests = job.runs.map(({ waitingUntil }) => waitingUntil?.getTime() ?? 0);
  const from = Math.max(job.asOf.getTime(), ...rests);
  return new Date(from + Math.round((elapsed * (total - read)) / read));
}
