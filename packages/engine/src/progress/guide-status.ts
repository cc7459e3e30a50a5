import { type JobStatus, type RunStatus, unreadStatuses } from '@syncline/store';

export const syncStatuses = ['starting', 'running', 'completed', 'failed', 'cancelled'] as const;
export type SyncStatus = (typeof syncStatuses)[number];

interface Outcome {
  readonly status: JobStatus;
  readonly runs: readonly { readonly status: RunStatus }[];
}

const notRead: ReadonlySet<RunStatus> = new Set(unreadStatuses);

/**
 * A sync's status in the guide's words, which has none for `partial`: whoever waits for `completed` wants to know that
 * every entity was read. So it is `failed` when one was not, and `completed` when all that is missing are single records
 * (`records_failed`, `errors`). History and alerts count by the same rule.
 */
export function guideStatus({ status, runs }: Outcome): SyncStatus {
  switch (status) {
    case 'queued':
      return 'starting';
    case 'succeeded':
      return 'completed';
    case 'partial':
      return runs.some((run) => notRead.has(run.status)) ? 'failed' : 'completed';
    default:
      return status;
  }
}

export function isLive(status: SyncStatus): boolean {
  return status === 'starting' || status === 'running';
}
