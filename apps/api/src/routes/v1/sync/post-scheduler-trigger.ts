import { listSchedules } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { type TenantContext, tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { failureResponses } from '../../../problems/failure.js';
import { nameOfOrganization } from './organization-name.js';
import { startFailures } from './start-failures.js';
import { connectionsFor, startedFields, startSyncs } from './start-syncs.js';
import { allChanges, type Order } from './sync-modes.js';

const started = z.object({
  message: z.string(),
  sync_started: z.literal(true),
  organization_id: z.string(),
  timestamp: z.iso.datetime(),
  ...startedFields,
});

/** Does now what the scheduler does next. */
export function postSchedulerTrigger(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/sync/scheduler/trigger',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postSchedulerTrigger',
        tags: ['sync management'],
        summary: 'Do now what the scheduler does next',
        description:
          'For each connection what its next schedule syncs; without one that is enabled, what changed. The schedules stay as they are, and come at their times.',
        response: { 200: started.describe('It is in Postgres, and will run'), ...failureResponses(...startFailures) },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const connections = await connectionsFor(ctx, undefined);
      const syncs = await startSyncs(ctx, connections, actorOf(request), (_, { id }) => nextOrder(ctx, id));
      return {
        message: 'Scheduled sync triggered successfully',
        sync_started: true as const,
        organization_id: nameOfOrganization(request, ctx),
        timestamp: new Date().toISOString(),
        ...syncs,
      };
    },
  );
}

async function nextOrder(ctx: TenantContext, connectionId: string): Promise<Order> {
  const schedules = await listSchedules(ctx.db, ctx.organizationId, { connectionId });
  const syncs = schedules.flatMap((one) => (one.mode === 'verify' ? [] : [{ ...one, mode: one.mode }]));
  const [next] = syncs
    .filter(({ enabled, nextDueAt }) => enabled && nextDueAt !== null)
    .sort((a, b) => (a.nextDueAt?.getTime() ?? 0) - (b.nextDueAt?.getTime() ?? 0));
  if (next === undefined) return allChanges;
  return { syncType: next.mode, mode: next.mode, entities: next.entities };
}
