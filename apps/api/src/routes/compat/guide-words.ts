import type { JobStatus } from '@syncline/store';

/** The words of the system that /api/sync replaces, beside ours. */
export const guideStatuses = ['running', 'success', 'partial', 'error', 'cancelled'] as const;
type GuideStatus = (typeof guideStatuses)[number];

const ofJob: Record<JobStatus, GuideStatus> = {
  queued: 'running',
  running: 'running',
  succeeded: 'success',
  partial: 'partial',
  failed: 'error',
  cancelled: 'cancelled',
};

export const guideEntityStatuses = [
  'pending',
  'running',
  'success',
  'partial',
  'error',
  'skipped',
  'cancelled',
] as const;

/** What a filter may say: the guide's words and ours. */
export const filterStatuses = [...guideStatuses, 'queued', 'succeeded', 'failed'] as const;

/** The statuses in the database that a filter means. `running` is the guide's word and includes what is queued. */
export function statusesOf(filter: (typeof filterStatuses)[number]): JobStatus[] {
  const all = Object.keys(ofJob) as JobStatus[];
  return all.filter((status) => ofJob[status] === filter || (status === filter && status !== 'running'));
}
