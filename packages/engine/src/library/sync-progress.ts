import type { JobProgress, JobStatus, RunStatus } from '@syncline/store';
import { entityPercent } from '../progress/entity-percent.js';
import { percentage, recordsTotal } from '../progress/percentage.js';
import { currentRun, operationOf } from '../progress/progress-words.js';

/** How far a sync is. */
export interface SyncProgress {
  readonly jobId: string;
  readonly status: JobStatus;
  /** The entity that is being synced, or is next; `finish` after the last one. */
  readonly phase: string;
  /** From 0 to 100 with one decimal; never goes back, and is 100 only when everything was read. */
  readonly percent: number;
  /** What is being done, or what is waited for and until when. */
  readonly message: string;
  readonly recordsRead: number;
  /** Records that could not be kept; they are failed items. */
  readonly recordsFailed: number;
  /** Null while nobody knows; never less than what was read. */
  readonly recordsTotal: number | null;
  /** In the order they are synced. */
  readonly entities: readonly EntityProgress[];
}

export interface EntityProgress {
  readonly entity: string;
  readonly status: RunStatus;
  /** Whole percent; null while nobody knows how much there is. */
  readonly percent: number | null;
  readonly recordsRead: number;
  readonly recordsFailed: number;
  readonly recordsExpected: number | null;
}

/** `obstacle`: what is in the way of a sync that has not begun, where that is known. */
export function progressOf(job: JobProgress, obstacle?: string): SyncProgress {
  const { id: jobId, status, runs } = job;
  const sum = (of: 'recordsRead' | 'recordsFailed') => runs.reduce((total, run) => total + run[of], 0);
  return {
    ...{ jobId, status },
    phase: currentRun(runs)?.entity ?? 'finish',
    percent: percentage(job),
    message: obstacle ?? operationOf(job),
    recordsRead: sum('recordsRead'),
    recordsFailed: sum('recordsFailed'),
    recordsTotal: recordsTotal(runs),
    entities: runs.map((run) => ({
      ...{ entity: run.entity, status: run.status, percent: entityPercent(run) },
      ...{ recordsRead: run.recordsRead, recordsFailed: run.recordsFailed, recordsExpected: run.recordsExpected },
    })),
  };
}
