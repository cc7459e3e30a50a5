import type { RunView } from '@syncline/store';

type Counted = Pick<RunView, 'status' | 'recordsRead' | 'recordsExpected'>;

/**
 * How far an entity run is. Null while nobody knows how much there is. Vendors' totals are guesses (that of the last
 * full sync, here), so a run that goes on never shows 100, and none shows more.
 */
export function entityPercent(run: Counted): number | null {
  if (run.status === 'succeeded') return 100;
  if (run.recordsExpected === null || run.recordsExpected <= 0) return null;
  const share = Math.floor((100 * run.recordsRead) / run.recordsExpected);
  return Math.min(run.status === 'partial' ? 100 : 99, share);
}
