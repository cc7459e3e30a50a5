import { setTimeout as pause } from 'node:timers/promises';
import { dropLease, forgetDeadWorkers, takeLease } from '@syncline/store';
import { eraseDeleted } from '../connections/erase-deleted.js';
import type { EngineContext, WorkContext } from '../context.js';
import { keepHistories } from '../history/keep-histories.js';
import { holdTogether } from '../installation/hold-together.js';
import { reviveItems } from '../recovery/revive-items.js';
import { refreshDue } from '../refresh/refresh-computed.js';
import { keepRetention } from '../retention/clear-old-rows.js';
import { keepSchedules } from '../schedules/keep-schedules.js';
import { reviveVerifications } from '../verify/revive-verifications.js';
import { reviveSignals } from '../webhooks/revive-signals.js';
import { settleStale } from './settle-stale.js';

/** In turns: how long a job may be quiet before it is looked after, and how long the duty stays with who has it. */
const quietTurns = 3;
const leaseTurns = 3;

/** Of each round, for what deleted connections have left behind. */
const eraseSeconds = 2;

/** Of each round, for what is computed from rows that changed outside of jobs. */
const refreshSeconds = 2;

/**
 * Postgres is the truth, Redis a cache of intent: finds what should be in a queue according to Postgres and is not
 * (Redis was away, or was emptied), and puts it back; ends what nobody will ever end. Runs in every worker until the
 * signal; the duty is one worker's at a time, by a lease in Postgres of that name, although two at once would do no harm. First of
 * all it sees to it that Postgres and Redis belong together at all.
 */
export async function reconcile(
  ctx: WorkContext,
  everySeconds: number,
  signal: AbortSignal,
  duty: string,
): Promise<void> {
  while (!signal.aborted) {
    try {
      if (await takeLease(ctx.db, duty, ctx.bootId, everySeconds * leaseTurns)) {
        if (await holdTogether(ctx, everySeconds)) await lookAfter(ctx, everySeconds * quietTurns);
      }
    } catch (error) {
      ctx.log.warn({ event: 'reconcile.failed', err: error }, 'reconciling did not work this time');
    }
    await pause(everySeconds * 1_000 * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
  await dropLease(ctx.db, duty, ctx.bootId).catch(() => undefined);
}

/** One turn of the duty. */
export async function lookAfter(ctx: EngineContext, quietSeconds: number): Promise<void> {
  await settleStale(ctx, quietSeconds);
  await forgetDeadWorkers(ctx.db);
  await reviveItems(ctx);
  await reviveSignals(ctx);
  await reviveVerifications(ctx);
  await keepSchedules(ctx);
  await keepHistories(ctx);
  await eraseDeleted(ctx, eraseSeconds);
  await refreshDue(ctx, refreshSeconds);
  // The least urgent comes last.
  if (ctx.retentionDays !== undefined) await keepRetention(ctx, ctx.retentionDays);
}
