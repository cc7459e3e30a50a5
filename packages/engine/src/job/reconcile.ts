import { setTimeout as pause } from 'node:timers/promises';
import { dropLease, endZombies, failJob, forgetDeadWorkers, quietJobs, staleJobs, takeLease } from '@syncline/store';
import { eraseDeleted } from '../connections/erase-deleted.js';
import type { EngineContext } from '../context.js';
import { postLetter } from '../recovery/post-letter.js';
import { reviveItems } from '../recovery/revive-items.js';
import { keepRetention } from '../retention/clear-old-rows.js';
import { keepSchedules } from '../schedules/keep-schedules.js';
import { continueJob } from './continue-job.js';

const duty = 'reconciler';

/** In turns: how long a job may be quiet before it is looked after, and how long the duty stays with who has it. */
const quietTurns = 3;
const leaseTurns = 3;

/** Of each round, for what deleted connections have left behind. */
const eraseSeconds = 2;

/** A job that nobody could carry on for so long is ended, so that it does not block its connection for ever. */
const staleSeconds = 6 * 3600;

/**
 * Postgres is the truth, Redis a cache of intent: finds what should be in a queue according to Postgres and is not
 * (Redis was away, or was emptied), and puts it back; ends what nobody will ever end. Runs in every worker until the
 * signal; the duty is one worker's at a time, by a lease in Postgres, although two at once would do no harm.
 */
export async function reconcile(ctx: EngineContext, everySeconds: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      if (await takeLease(ctx.db, duty, ctx.bootId, everySeconds * leaseTurns)) {
        await lookAfter(ctx, everySeconds * quietTurns);
      }
    } catch (error) {
      ctx.log.warn({ err: error }, 'reconciling did not work this time');
    }
    await pause(everySeconds * 1_000 * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
  await dropLease(ctx.db, duty, ctx.bootId).catch(() => undefined);
}

/** One turn of the duty. */
export async function lookAfter(ctx: EngineContext, quietSeconds: number): Promise<void> {
  for (const job of await quietJobs(ctx.db, quietSeconds)) await continueJob(ctx, job.id);
  for (const job of await staleJobs(ctx.db, staleSeconds)) {
    const message = `No sign of life for ${staleSeconds / 3600} hours, although it was queued again`;
    if (!(await failJob(ctx.db, job.id, 'JOB_STALE', message))) continue;
    ctx.log.error({ syncJobId: job.id }, 'stale job ended');
    await postLetter(ctx, { kind: 'job', syncJobId: job.id, code: 'JOB_STALE', message });
  }
  const zombies = await endZombies(ctx.db);
  if (zombies > 0) ctx.log.warn({ zombies }, 'entity runs of ended jobs closed');
  await forgetDeadWorkers(ctx.db);
  await reviveItems(ctx);
  await keepSchedules(ctx);
  await eraseDeleted(ctx, eraseSeconds);
  // The least urgent comes last.
  if (ctx.retentionDays !== undefined) await keepRetention(ctx, ctx.retentionDays);
}
