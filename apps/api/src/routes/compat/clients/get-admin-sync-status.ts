import { guideStatus, syncStatuses } from '@syncline/engine';
import { type FailedItemGroup, type JobView, latestJobs, summarizeFailedItems } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { failureResponses } from '../../../problems/failure.js';
import { readScheduler } from '../../v1/sync/read-scheduler.js';
import { connectionSchema } from '../choose-connection.js';
import { statsOf, statsSchema } from './sync-stats.js';

const instant = z.iso.datetime();

const syncSchema = z.object({
  jobId: z.guid(),
  type: z.string().describe('What was asked for: an entity, a mode'),
  mode: z.enum(['full', 'incremental', 'backfill']),
  trigger: z.enum(['manual', 'schedule', 'webhook', 'recovery']),
  status: z.enum(syncStatuses),
  startedAt: instant.describe('Of a sync that waits in its queue: when it was asked for'),
  completedAt: instant.nullable(),
  stats: statsSchema,
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
});

const connection = connectionSchema.extend({
  state: z.enum(['idle', 'running']),
  running: syncSchema.nullable(),
  lastSync: syncSchema.nullable().describe('The last one that has ended'),
  nextSyncAt: instant.nullable().describe('Null when none starts by itself'),
  openFailedItems: z.int().min(0),
});

const answer = z.object({
  success: z.literal(true),
  data: z.object({
    state: z.enum(['idle', 'running', 'stopped']).describe('stopped: the emergency stop is in force'),
    scheduler: z.object({ active: z.boolean(), nextSyncAt: instant.nullable(), message: z.string() }),
    connections: z.array(connection).describe('Of every vendor, the oldest first'),
  }),
  timestamp: instant,
});

/** How the syncs of all connections of the organization stand. */
export function getAdminSyncStatus(app: App, api: ApiContext): void {
  app.get(
    '/api/admin/sync/status',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getAdminSyncStatus',
        tags: ['client sync'],
        summary: 'How the syncs of all connections stand',
        response: { 200: answer.describe('As it stands'), ...failureResponses() },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { db, organizationId } = ctx;
      // In this order: a sync that ends between the two is in both, and one that is in neither would be lost from sight.
      const live = await latestJobs(db, organizationId, ['queued', 'running']);
      const [scheduler, ended, items] = await Promise.all([
        readScheduler(ctx),
        latestJobs(db, organizationId, ['succeeded', 'partial', 'failed', 'cancelled']),
        summarizeFailedItems(db, organizationId),
      ]);
      const running = new Map([...live].filter(([id, job]) => ended.get(id)?.id !== job.id));
      const { active, nextSyncAt, message, isStopped, connections } = scheduler;
      const state = running.size > 0 ? ('running' as const) : ('idle' as const);
      const shown = connections.map(({ id, name, connector, status, statusReason, nextSyncAt: next }) => ({
        ...{ id, name, connector, status, statusReason },
        state: running.has(id) ? ('running' as const) : ('idle' as const),
        running: syncAnswer(running.get(id)),
        lastSync: syncAnswer(ended.get(id)),
        nextSyncAt: ctx.schedules === undefined ? null : (next?.toISOString() ?? null),
        openFailedItems: openItems(items, id),
      }));
      return {
        success: true as const,
        data: {
          state: isStopped ? ('stopped' as const) : state,
          scheduler: { active, nextSyncAt, message },
          connections: shown,
        },
        timestamp: new Date().toISOString(),
      };
    },
  );
}

function syncAnswer(job: JobView | undefined): z.infer<typeof syncSchema> | null {
  if (job === undefined) return null;
  const { id: jobId, syncType: type, mode, trigger, errorCode, errorMessage, startedAt, createdAt, endedAt } = job;
  return {
    ...{ jobId, type, mode, trigger, errorCode, errorMessage },
    status: guideStatus({ status: job.status, runs: job.entities }),
    startedAt: (startedAt ?? createdAt).toISOString(),
    completedAt: endedAt?.toISOString() ?? null,
    stats: statsOf(job),
  };
}

function openItems(groups: readonly FailedItemGroup[], connectionId: string): number {
  const own = groups.filter((group) => group.connectionId === connectionId && group.status !== 'resolved');
  return own.reduce((sum, { items }) => sum + items, 0);
}
