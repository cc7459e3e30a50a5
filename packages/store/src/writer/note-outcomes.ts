import { type RejectedRecord, SyncError } from '@syncline/connector-kit';
import type { Db } from '../open-database.js';
import {
  hasMoreOpenItems,
  type ItemOwner,
  lockOpenItems,
  recordFailedItems,
  resolveFailedItems,
} from '../queries/failed-items.js';
import type { Target } from './write-records.js';

const aMinute = 60;

export interface Outcomes {
  readonly rejected: readonly RejectedRecord[];
  /** Keys of the records that are in their table now. */
  readonly good: readonly string[];
  readonly lossless: boolean;
  /** Whether open failed items of these records may exist. */
  readonly mayResolve: boolean;
}

/**
 * Notes in a page's transaction which records failed, and settles the items of those that failed before and are well.
 *
 * Throws SyncError FAILED_ITEMS_FULL when there would be more open items than there may be: nothing is dropped, the
 * page waits.
 */
export async function noteOutcomes(trx: Db, target: Target, owner: ItemOwner, outcomes: Outcomes): Promise<void> {
  const { rejected, good, lossless, mayResolve } = outcomes;
  const failed = rejected.map(({ key }) => key).filter((key) => key !== undefined);
  const open = mayResolve ? await lockOpenItems(trx, owner, [...good, ...failed]) : new Set<string>();
  if (rejected.length > 0) {
    await recordFailedItems(trx, owner, rejected, lossless, target.retrySeconds ?? aMinute);
  }
  // A record that came twice, once broken and once whole, is well.
  const failedNow = new Set(failed);
  const mended = good.filter((key) => open.has(key) || failedNow.has(key));
  if (mended.length > 0) await resolveFailedItems(trx, owner, mended);
  if (rejected.length > 0) await refuseTooMany(trx, owner, target.maxOpenItems ?? 0);
}

async function refuseTooMany(trx: Db, owner: ItemOwner, most: number): Promise<void> {
  if (most === 0 || !(await hasMoreOpenItems(trx, owner, most))) return;
  const message = `${owner.entity}: the next page would leave more than ${most} open failed items (maxOpenFailedItems)`;
  throw new SyncError('FAILED_ITEMS_FULL', message);
}
