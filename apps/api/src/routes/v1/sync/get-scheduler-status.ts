import { countJobs } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { failureResponses } from '../../../problems/failure.js';
import { lastSyncAt } from './last-sync.js';
import { nameOfOrganization } from './organization-name.js';
import { readScheduler } from './read-scheduler.js';

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
      const [live, last_sync_time, { active, nextSyncAt, message }] = await Promise.all([
        countJobs(ctx.db, ctx.organizationId, { statuses: ['queued', 'running'] }, 1),
        lastSyncAt(ctx),
        readScheduler(ctx),
      ]);
      return {
        organization_id: nameOfOrganization(request, ctx),
        sync_running: live > 0,
        last_sync_time,
        scheduler_active: active,
        next_sync_time: nextSyncAt,
        message,
      };
    },
  );
}
