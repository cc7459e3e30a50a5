import { type ConnectionView, listConnectionViews, readStop } from '@syncline/store';
import type { TenantContext } from '../../../access/caller.js';

/** Whether syncs of an organization start by themselves, when the next one does, and if none does, why. */
export interface SchedulerState {
  readonly active: boolean;
  readonly nextSyncAt: string | null;
  readonly message: string;
  /** All syncs of the organization are stopped. */
  readonly isStopped: boolean;
  readonly connections: readonly ConnectionView[];
}

export async function readScheduler(
  ctx: Pick<TenantContext, 'db' | 'organizationId' | 'schedules'>,
): Promise<SchedulerState> {
  const [connections, stop] = await Promise.all([
    listConnectionViews(ctx.db, ctx.organizationId),
    readStop(ctx.db, ctx.organizationId),
  ]);
  const isStopped = stop !== undefined;
  const off = (message: string) => ({ active: false, nextSyncAt: null, message, isStopped, connections });
  if (ctx.schedules === undefined) return off('The scheduler is switched off: ENABLE_SYNC_SCHEDULER is false');
  if (isStopped) return off('All syncs of the organization are stopped');
  // Not the schedules themselves: those of a connection that is paused or has no valid credentials start nothing.
  const due = connections.flatMap(({ nextSyncAt }) => (nextSyncAt === null ? [] : [nextSyncAt.getTime()]));
  if (due.length === 0) return off('The organization has no enabled schedule of a connection that can sync');
  const nextSyncAt = new Date(Math.min(...due)).toISOString();
  return { active: true, nextSyncAt, message: 'Scheduler status retrieved successfully', isStopped, connections };
}
