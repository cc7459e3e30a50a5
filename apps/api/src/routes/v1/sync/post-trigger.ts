import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { failureResponses } from '../../../problems/failure.js';
import { nameOfOrganization } from './organization-name.js';
import { startFailures } from './start-failures.js';
import { connectionsFor, startedFields, startSyncs } from './start-syncs.js';
import { allChanges, orderOf, syncModes } from './sync-modes.js';

const started = z.object({
  message: z.string(),
  sync_started: z.literal(true),
  organization_id: z.string(),
  timestamp: z.iso.datetime(),
  ...startedFields,
});

/** Syncs what changed, of all connections of the organization. */
export function postTrigger(app: App, api: ApiContext): void {
  const body = z.strictObject({
    connection_id: z.guid('has to be the id of a connection (a UUID)').optional().describe('All unless given'),
    mode: z.enum(syncModes).optional().describe('What changed since the last time, of everything, unless given'),
  });
  app.post(
    '/api/v1/sync/trigger',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postTrigger',
        tags: ['sync management'],
        summary: 'Sync what changed, now',
        body,
        response: { 200: started.describe('It is in Postgres, and will run'), ...failureResponses(...startFailures) },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { connection_id, mode } = request.body;
      const connections = await connectionsFor(ctx, connection_id);
      const syncs = await startSyncs(ctx, connections, actorOf(request), (connector) =>
        mode === undefined ? allChanges : orderOf(connector, mode),
      );
      return {
        message: 'Sync started successfully',
        sync_started: true as const,
        organization_id: nameOfOrganization(request, ctx),
        timestamp: new Date().toISOString(),
        ...syncs,
      };
    },
  );
}
