import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOfPath } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { failureResponses } from '../../../problems/failure.js';
import { nameOfOrganization, organizationParams } from './organization-name.js';
import { startFailures } from './start-failures.js';
import { connectionsFor, startedFields, startSyncs } from './start-syncs.js';
import { allChanges, orderOf, syncModes } from './sync-modes.js';

const started = z.object({
  message: z.string(),
  sync_mode: z.enum(syncModes),
  organization_id: z.string(),
  started_at: z.iso.datetime(),
  ...startedFields,
});

/** Starts a sync in one of the guide's modes, to be followed by its id. */
export function postStart(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/sync/start/:organization_id',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postStart',
        tags: ['sync management'],
        summary: 'Start a sync, to be followed by its id',
        params: organizationParams,
        querystring: z.strictObject({
          sync_mode: z
            .enum(syncModes)
            .optional()
            .describe('active unless given; then a vendor that has no such mode syncs what changed'),
        }),
        response: {
          200: started.describe('It is in Postgres, and will run'),
          ...failureResponses('NOT_FOUND', ...startFailures),
        },
      },
    },
    async (request) => {
      const ctx = await tenantOfPath(api, request, request.params.organization_id);
      const { sync_mode: asked } = request.query;
      const sync_mode = asked ?? 'active';
      const connections = await connectionsFor(ctx, undefined);
      const syncs = await startSyncs(ctx, connections, actorOf(request), (connector) =>
        asked === undefined && connector.modes?.[sync_mode] === undefined ? allChanges : orderOf(connector, sync_mode),
      );
      return {
        message: `Sync started successfully in ${sync_mode} mode`,
        sync_mode,
        organization_id: nameOfOrganization(request, ctx),
        started_at: new Date().toISOString(),
        ...syncs,
      };
    },
  );
}
