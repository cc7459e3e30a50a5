import { SyncError } from '@syncline/connector-kit';
import { type Actor, cancelJob, listJobs } from '@syncline/store';
import type { EngineContext } from '../context.js';

/**
 * Cancels a sync: it has ended when this returns, with what was committed until then. A worker that is reading a page
 * for it notices within seconds, and can write no more.
 *
 * Throws SyncError NOT_FOUND, SYNC_NOT_RUNNING.
 */
export async function cancelSync(
  ctx: Pick<EngineContext, 'db' | 'log'>,
  organizationId: string,
  jobId: string,
  by: Actor,
): Promise<void> {
  if (await cancelJob(ctx.db, organizationId, jobId, by)) {
    ctx.log.info({ event: 'sync.cancelled', organizationId, syncJobId: jobId }, 'sync job cancelled');
    return;
  }
  const [job] = await listJobs(ctx.db, organizationId, { id: jobId }, { limit: 1, offset: 0 });
  if (job === undefined) throw new SyncError('NOT_FOUND', 'There is no sync job with this id');
  throw new SyncError('SYNC_NOT_RUNNING', `The sync has ended already: ${job.status}`);
}
