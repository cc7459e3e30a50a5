import { randomUUID } from 'node:crypto';
import {
  type Actor,
  clearOldRows,
  type Deleted,
  dropLease,
  forgetAbsentMembers,
  recordAudit,
  retainedTables,
  takeLease,
} from '@syncline/store';
import type { EngineContext } from '../context.js';

/** Jobs of one transaction: some ten thousand rows with their entity runs, a fraction of a second. */
const batch = 1_000;

/** The duty as `leases` has it: who clears holds it for a while, who is done for a day. */
const duty = 'retention';
const batchSeconds = 60;
const daySeconds = 24 * 3600;

/**
 * Clears away what is older than `days`, of all organizations, and forgets people who have not come since, once a day: a batch each time it is asked, until nothing
 * is left for today, so that whoever asks is not kept from what is more urgent. One process at a time, by a lease in
 * Postgres that also tells when the day is over.
 */
export async function keepRetention(ctx: Pick<EngineContext, 'db' | 'log'>, days: number): Promise<void> {
  // A holder of its own for each time: a lease that this process took for the day must not look like one it may renew.
  const holder = randomUUID();
  if (!(await takeLease(ctx.db, duty, holder, batchSeconds))) return;
  const deleted = await clearOldRows(ctx.db, { days, organizationId: null, atMost: batch });
  const members = await forgetAbsentMembers(ctx.db, days);
  if (sumOf(deleted) + members > 0) {
    ctx.log.info({ event: 'retention.cleared', days, deleted, members }, 'old rows cleared away');
    await dropLease(ctx.db, duty, holder);
  } else {
    await takeLease(ctx.db, duty, holder, daySeconds);
  }
}

export interface Cleared {
  readonly deleted: Deleted;
  /** False when the time was not enough: ask again, or leave the rest to the night. */
  readonly complete: boolean;
}

/**
 * The same by hand, for one organization, as far as it gets in `seconds`. Noted in the audit log with what went, also
 * when it breaks off in the middle.
 */
export async function clearByHand(
  ctx: Pick<EngineContext, 'db' | 'log'>,
  organizationId: string,
  days: number,
  by: Actor,
  seconds: number,
): Promise<Cleared> {
  const deadline = performance.now() + seconds * 1_000;
  let deleted: Deleted = { sync_jobs: 0, sync_progress: 0, sync_failed_items: 0, sync_schedule_runs: 0, audit_log: 0 };
  let complete = false;
  try {
    while (!complete && performance.now() < deadline) {
      const gone = await clearOldRows(ctx.db, { days, organizationId, atMost: batch });
      deleted = plus(deleted, gone);
      complete = sumOf(gone) === 0;
    }
  } finally {
    const entry = {
      action: 'maintenance.cleanup',
      subjectKind: 'organization',
      details: { daysToKeep: days, deleted },
    };
    await recordAudit(ctx.db, { organizationId, ...by, ...entry });
  }
  ctx.log.info(
    { event: 'retention.cleared', organizationId, days, deleted, complete },
    'old rows cleared away by hand',
  );
  return { deleted, complete };
}

function sumOf(deleted: Deleted): number {
  return retainedTables.reduce((sum, table) => sum + deleted[table], 0);
}

function plus(one: Deleted, other: Deleted): Deleted {
  return Object.fromEntries(retainedTables.map((table) => [table, one[table] + other[table]])) as Record<
    keyof Deleted,
    number
  >;
}
