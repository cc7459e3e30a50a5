import type { SyncSettings } from '@syncline/connector-kit';

/** How many of `live` rows may be marked as deleted without anybody being asked. */
export function mayBeMarked(live: number, { sweepMaxShare, sweepMaxRows }: SyncSettings): number {
  return Math.max(Math.floor(sweepMaxShare * live), sweepMaxRows);
}
