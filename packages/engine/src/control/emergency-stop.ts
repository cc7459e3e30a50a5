import { type Actor, liveJobIds, readStop, restartOrganization, type Stop, stopOrganization } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { continueJob } from '../job/continue-job.js';

export interface StopResult {
  /** False when it was in force, or lifted, already. */
  readonly changed: boolean;
  readonly stop: Stop | undefined;
  /** Syncs that are held, or that go on now. */
  readonly jobs: number;
}

/**
 * The emergency stop: every sync of the organization pauses at its next page, and none starts, until it is lifted. It
 * stands in Postgres, so that it holds over restarts and for every process.
 */
export async function stopSyncs(
  ctx: Pick<EngineContext, 'db' | 'log'>,
  organizationId: string,
  by: Actor,
  reason: string | null = null,
): Promise<StopResult> {
  const changed = await stopOrganization(ctx.db, organizationId, by, reason);
  const jobs = await liveJobIds(ctx.db, organizationId);
  if (changed) {
    ctx.log.warn({ event: 'stop.set', organizationId, jobs: jobs.length }, 'emergency stop');
  }
  return { changed, stop: await readStop(ctx.db, organizationId), jobs: jobs.length };
}

/**
 * Lifts the stop. Held syncs go on at their checkpoints; while Redis is away, as soon as it is back and a worker's
 * reconciler notices.
 */
export async function restartSyncs(ctx: EngineContext, organizationId: string, by: Actor): Promise<StopResult> {
  const changed = await restartOrganization(ctx.db, organizationId, by);
  const jobs = await liveJobIds(ctx.db, organizationId);
  if (changed) {
    ctx.log.info({ event: 'stop.lifted', organizationId, jobs: jobs.length }, 'emergency stop lifted');
  }
  for (const jobId of jobs) {
    try {
      await continueJob(ctx, jobId);
    } catch (error) {
      ctx.log.warn(
        { event: 'redis.awaited', err: error, organizationId, syncJobId: jobId },
        'the reconciler takes this job up when Redis is back',
      );
      break;
    }
  }
  return { changed, stop: undefined, jobs: jobs.length };
}
