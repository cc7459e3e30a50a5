import type { JobProgress, RunProgress } from '@syncline/store';
import { guideStatus } from './guide-status.js';

type CountedRun = Pick<RunProgress, 'status' | 'recordsRead' | 'recordsExpected'>;
type CountedJob = Pick<JobProgress, 'status'> & { readonly runs: readonly CountedRun[] };

/**
 * How far a sync is, from 0 to 100, with one decimal. Every entity is an equal share of it, and within the share what was
 * read of what was expected counts; where nobody knows what to expect, the share comes as a whole when the entity ends.
 *
 * Never goes back while the sync lives, whoever computes it: it is made of counters that only grow, of statuses that only
 * end, and of expectations that are frozen with the job. Vendors' totals are guesses (651 of 650), so an entity that is
 * being read is never more than 99 hundredths of its share, and nothing but `completed` is 100.
 */
export function percentage(job: CountedJob): number {
  if (guideStatus(job) === 'completed') return 100;
  if (job.runs.length === 0) return 0;
  const shares = job.runs.reduce((sum, run) => sum + shareOf(run), 0);
  return Math.min(99.9, Math.floor((1_000 * shares) / job.runs.length) / 10);
}

/** The same; null while nothing has ended and nobody knows what to expect: then it would be 0, however far it is. */
export function knownPercentage(job: CountedJob): number | null {
  const isGuessed = job.runs.every(({ status, recordsExpected }) => !isRead(status) && recordsExpected === null);
  return isGuessed ? null : percentage(job);
}

function shareOf({ status, recordsRead, recordsExpected }: CountedRun): number {
  if (isRead(status)) return 1;
  if (recordsExpected === null || recordsExpected <= 0) return 0;
  return Math.min(0.99, recordsRead / recordsExpected);
}

/** Ended, and everything that it was to read was read, or what is left is the next sync's. */
export function isRead(status: RunProgress['status']): boolean {
  return status === 'succeeded' || status === 'partial';
}

/**
 * How many records there are in all, as far as anybody knows; null while one entity's number is not known. Never less than
 * what was read, and of an entity that has ended what it had.
 */
export function recordsTotal(runs: readonly RunProgress[]): number | null {
  let total = 0;
  for (const { status, recordsRead, recordsExpected } of runs) {
    const open = status === 'pending' || status === 'running';
    if (open && recordsExpected === null) return null;
    total += open ? Math.max(recordsExpected ?? 0, recordsRead) : recordsRead;
  }
  return total;
}
