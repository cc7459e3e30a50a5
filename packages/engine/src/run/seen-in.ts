import type { ClaimedRun, Seen } from '@syncline/store';
import type { ReadPage } from './read-pages.js';

/**
 * What pages tell the scan that their run is part of: the ids of all records, also of those that cannot be kept. A
 * record that is there must not count as missing because it is broken.
 */
export function seenIn(run: Pick<ClaimedRun, 'scanId'>, pages: readonly ReadPage[]): Seen | undefined {
  if (run.scanId === null) return undefined;
  const keys = pages.flatMap((page) => [...page.records, ...page.rejected].map((record) => record.key));
  const vendorIds = keys.filter((key) => key !== undefined);
  return { scanId: run.scanId, vendorIds, unnamed: keys.length - vendorIds.length };
}
