import { endZombies, failJob, quietJobs, staleJobs } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { noteJobEnd } from '../measure/conclude-job.js';
import { found } from '../measure/found.js';
import { postLetter } from '../recovery/post-letter.js';
import { continueJob } from './continue-job.js';

/** A job that nobody could carry on for so long is ended, so that it does not block its connection for ever. */
const staleSeconds = 6 * 3600;

export interface Settled {
  /** Jobs that have ended by it. */
  readonly ended: number;
  /** Jobs that were lost from the queues, and go on now. */
  readonly resumed: number;
}

/**
 * Looks after jobs that nobody carries: those that have been quiet for `quietSeconds` are queued again if no queue holds
 * them, or concluded if nothing of them is left; those that stay quiet for hours are ended. Jobs that show signs of life,
 * rest, are paused or wait in a queue are left alone. Of one organization, or of all.
 */
export async function settleStale(ctx: EngineContext, quietSeconds: number, organizationId?: string): Promise<Settled> {
  let [ended, resumed] = [0, 0];
  for (const job of await quietJobs(ctx.db, quietSeconds, organizationId)) {
    const done = await continueJob(ctx, job.id);
    if (done === 'concluded') ended += 1;
    if (done === 'queued') resumed += 1;
    if (done !== undefined) found(ctx, done === 'queued' ? 'job_resumed' : 'job_concluded');
  }
  for (const job of await staleJobs(ctx.db, staleSeconds, organizationId)) {
    const message = `No sign of life for ${staleSeconds / 3600} hours, although it was queued again`;
    if (!(await failJob(ctx.db, job.id, 'JOB_STALE', message))) continue;
    ended += 1;
    found(ctx, 'job_given_up');
    noteJobEnd(ctx, job.connector, 'failed');
    ctx.log.error({ event: 'sync.stale', syncJobId: job.id }, 'stale job ended');
    await postLetter(ctx, { kind: 'job', syncJobId: job.id, code: 'JOB_STALE', message });
  }
  const zombies = await endZombies(ctx.db, organizationId);
  found(ctx, 'run_closed', zombies);
  if (zombies > 0) ctx.log.warn({ event: 'run.zombies_closed', zombies }, 'entity runs of ended jobs closed');
  return { ended, resumed };
}
