import { countJobs, listConnectionViews, readStop } from '@syncline/store';
import { z } from 'zod';
import { type TenantContext, tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { failureResponses } from '../../../problems/failure.js';
import { lastSyncAt } from './last-sync.js';
import { nameOfOrganization } from './organization-name.js';

const instant = z.iso.datetime();

const answer = z.object({
  organization_id: z.string(),
  sync_running: z.boolean(),
  last_sync_time: instant.nullable().describe('When the last sync began; null when there was none'),
  scheduler_active: z.boolean().describe('Whether syncs of this organization start by themselves'),
  next_sync_time: instant.nullable(),
  message: z.string(),
});

/** Whether syncs start by themselves, whether one runs, and when the last one began. */
export function getSchedulerStatus(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/sync/scheduler/status',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getSchedulerStatus',
        tags: ['sync management'],
        summary: 'Whether syncs start by themselves, and whether one runs',
        response: { 200: answer.describe('How it stands'), ...failureResponses() },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const [live, last_sync_time, scheduler] = await Promise.all([
        countJobs(ctx.db, ctx.organizationId, { statuses: ['queued', 'running'] }, 1),
        lastSyncAt(ctx),
        readScheduler(ctx),
      ]);
      return {
        organization_id: nameOfOrganization(request, ctx),
        sync_running: live > 0,
        last_sync_time,
        ...scheduler,
      };
    },
  );
}

type Scheduler = Pick<z.infer<typeof answer>, 'scheduler_active' | 'next_sync_time' | 'message'>;

async function readScheduler(ctx: TenantContext): Promise<Scheduler> {
  const off = (message: string): Scheduler => ({ scheduler_active: false, next_sync_time: null, message });
  if (ctx.schedules === undefined) return off('The scheduler is switched off: ENABLE_SYNC_SCHEDULER is false');
  if ((await readStop(ctx.db, ctx.organizationId)) !== undefined)
    return off('All syncs of the organization are stopped');
  // Not the schedules themselves: those of a connection that is paused or has no valid credentials start nothing.
  const due = (await listConnectionViews(ctx.db, ctx.organizationId)).flatMap(({ nextSyncAt }) =>
    nextSyncAt === null ? [] : [nextSyncAt.getTime()],
  );
  if (due.length === 0) return off('The organization has no enabled schedule of a connection that can sync');
  return {
    scheduler_active: true,
    next_sync_time: new Date(Math.min(...due)).toISOString(),
    message: 'Scheduler status retrieved successfully',
  };
}
