import { setTimeout as pause } from 'node:timers/promises';
import { quietJobs } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { continueJob } from './continue-job.js';

/** A live job that shows no sign of life for so long is looked after. */
const quietSeconds = 15;
const everyMs = 10_000;

/**
 * Postgres is the truth, Redis a cache of intent: finds jobs that are queued or running according to Postgres and that
 * no queue holds (Redis was away, or was emptied), and puts them back. Runs in every worker until the signal.
 */
export async function reconcile(ctx: EngineContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for (const job of await quietJobs(ctx.db, quietSeconds)) await continueJob(ctx, job.id);
    } catch (error) {
      ctx.log.warn({ err: error }, 'reconciling did not work this time');
    }
    await pause(everyMs * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
}
