import type { JobProgress, RunProgress, WaitReason } from '@syncline/store';
import { guideStatus, type SyncStatus } from './guide-status.js';

const steps: Record<Exclude<SyncStatus, 'running'>, string> = {
  starting: 'Waiting to start',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

const rests: Record<WaitReason, string> = {
  budget: "Waiting for the vendor's request budget",
  vendor_rate_limit: 'The vendor asked to slow down',
  circuit: 'The vendor failed several times in a row and is left alone for a while',
  retry: 'The last attempt failed; there will be another one',
  paused: 'Paused',
};

const readings: Record<RunProgress['mode'], string> = {
  full: 'Reading all',
  incremental: 'Reading what changed of the',
  backfill: 'Reading a selection of the',
};

/** The entity that the sync is at, in words: `Processing appointment types`. */
export function stepOf(job: Pick<JobProgress, 'status' | 'runs'>): string {
  const status = guideStatus(job);
  if (status !== 'running') return steps[status];
  const run = currentRun(job.runs);
  return run === undefined ? 'Finishing' : `Processing ${words(run.entity)}`;
}

/** What is being done for it, or what it waits for. */
export function operationOf(job: Pick<JobProgress, 'status' | 'runs'>): string {
  const status = guideStatus(job);
  if (status === 'starting') return 'Waiting in its queue';
  if (status !== 'running') return ending(status, job.runs);
  const run = currentRun(job.runs);
  if (run === undefined) return 'Finishing the sync';
  if (run.waitingFor !== null) {
    const until = run.waitingUntil === null ? '' : `, until ${run.waitingUntil.toISOString()}`;
    return `${rests[run.waitingFor]}${until}`;
  }
  return `${readings[run.mode]} ${words(run.entity)}`;
}

function ending(status: 'completed' | 'failed' | 'cancelled', runs: JobProgress['runs']): string {
  const failed = runs.filter((run) => run.status === 'failed').map((run) => words(run.entity));
  if (status === 'failed') return failed.length === 0 ? 'The sync failed' : `Could not sync ${failed.join(', ')}`;
  return status === 'completed' ? 'The sync has ended' : 'The sync was cancelled';
}

export function currentRun(runs: JobProgress['runs']): RunProgress | undefined {
  return runs.find(({ status }) => status === 'running') ?? runs.find(({ status }) => status === 'pending');
}

function words(entity: string): string {
  return entity.replaceAll('_', ' ');
}
