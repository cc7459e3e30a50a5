import { endJob, type JobStatus } from '@syncline/store';
import type { EngineContext } from '../context.js';

/**
 * Ends a job whose entity runs have all ended, and tells of it once. Its status; undefined while some have not, or where
 * there is no such job.
 */
export async function concludeJob(
  ctx: Pick<EngineContext, 'db' | 'metrics'>,
  connector: string,
  jobId: string,
): Promise<JobStatus | undefined> {
  const ended = await endJob(ctx.db, jobId);
  if (ended?.endedNow) noteJobEnd(ctx, connector, ended.status);
  return ended?.status;
}

/** Tells that a job has ended. */
export function noteJobEnd(ctx: Pick<EngineContext, 'metrics'>, connector: string, status: JobStatus): void {
  if (status === 'queued' || status === 'running') return;
  ctx.metrics?.count('syncline_sync_jobs_ended_total', { connector, status });
}
