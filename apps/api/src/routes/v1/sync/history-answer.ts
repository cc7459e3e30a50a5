import { guideStatus, syncStatuses } from '@syncline/engine';
import type { HistoryTotals, JobView } from '@syncline/store';
import { z } from 'zod';
import { syncErrorSchema, syncErrors } from './progress-answer.js';

const instant = z.iso.datetime();
const count = z.int().min(0);

const recentSync = z.object({
  sync_id: z.guid(),
  connection_id: z.guid(),
  started_at: instant,
  completed_at: instant.nullable(),
  status: z.enum(syncStatuses),
  records_processed: count,
  records_success: count,
  records_failed: count,
  errors: z.array(syncErrorSchema),
  metadata: z
    .object({ sync_type: z.string(), patients_processed: count, appointments_processed: count })
    .catchall(z.union([z.string(), count]))
    .describe('What was asked for, and for every entity of the sync `<entity>_processed`'),
});

/** An organization's syncs, in the guide's fields. */
export const historySchema = z
  .object({
    organization_id: z.string(),
    total_syncs: count,
    successful_syncs: count,
    failed_syncs: count,
    last_sync_at: instant.nullable(),
    last_successful_sync_at: instant.nullable(),
    average_sync_duration_seconds: z.number().nullable().describe('Of those that have ended; null when none has'),
    recent_syncs: z.array(recentSync).describe('Newest first'),
  })
  .meta({ id: 'SyncHistory', description: 'The syncs that are kept, and the last of them' });

/** `organization`: the name by which it was asked for. */
export function historyAnswer(
  organization: string,
  totals: HistoryTotals,
  recent: readonly JobView[],
): z.infer<typeof historySchema> {
  const { averageSeconds } = totals;
  return {
    organization_id: organization,
    total_syncs: totals.total,
    successful_syncs: totals.wholes,
    failed_syncs: totals.failures,
    last_sync_at: totals.lastAt?.toISOString() ?? null,
    last_successful_sync_at: totals.lastWholeAt?.toISOString() ?? null,
    average_sync_duration_seconds: averageSeconds === null ? null : Math.round(averageSeconds * 10) / 10,
    recent_syncs: recent.map(recentAnswer),
  };
}

function recentAnswer(job: JobView): z.infer<typeof recentSync> {
  const { entities: runs, startedAt, createdAt, endedAt } = job;
  const sum = (of: (run: JobView['entities'][number]) => number) => runs.reduce((all, run) => all + of(run), 0);
  const [processed, failed] = [sum((run) => run.recordsRead), sum((run) => run.recordsFailed)];
  return {
    sync_id: job.id,
    connection_id: job.connectionId,
    started_at: (startedAt ?? createdAt).toISOString(),
    completed_at: endedAt?.toISOString() ?? null,
    status: guideStatus({ status: job.status, runs }),
    records_processed: processed,
    records_success: processed - failed,
    records_failed: failed,
    errors: syncErrors({ ...job, runs }),
    metadata: {
      patients_processed: 0,
      appointments_processed: 0,
      ...Object.fromEntries(runs.map(({ entity, recordsRead }) => [`${entity}_processed`, recordsRead])),
      sync_type: job.syncType,
    },
  };
}
