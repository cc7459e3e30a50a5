import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOfPath } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { failureResponses } from '../../../problems/failure.js';
import { nameOfOrganization, organizationParams } from '../sync/organization-name.js';
import { startFailures } from '../sync/start-failures.js';
import { connectionsFor, startedFields, startSyncs } from '../sync/start-syncs.js';
import { orderOf, syncModes } from '../sync/sync-modes.js';
import { clinikoConnector } from './vendor.js';

const started = z.object({
  success: z.literal(true),
  message: z.string(),
  organization_id: z.string(),
  sync_mode: z.enum(syncModes),
  timestamp: z.iso.datetime(),
  ...startedFields,
});

/** Starts a sync of the organization's accounts at Cliniko. */
export function postClinikoSync(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/cliniko/sync/:organization_id',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postClinikoSync',
        tags: ['cliniko'],
        summary: 'Sync Cliniko',
        params: organizationParams,
        querystring: z.strictObject({ mode: z.enum(syncModes).default('comprehensive') }),
        response: {
          200: started.describe('It is in Postgres, and will run'),
          ...failureResponses('NOT_FOUND', ...startFailures),
        },
      },
    },
    async (request) => {
      const ctx = await tenantOfPath(api, request, request.params.organization_id);
      const { mode } = request.query;
      const connections = await connectionsFor(ctx, undefined, clinikoConnector);
      const syncs = await startSyncs(ctx, connections, actorOf(request), (connector) => orderOf(connector, mode));
      return {
        success: true as const,
        message: `${mode.replace(/^./, (first) => first.toUpperCase())} Cliniko sync started successfully`,
        organization_id: nameOfOrganization(request, ctx),
        sync_mode: mode,
        timestamp: new Date().toISOString(),
        ...syncs,
      };
    },
  );
}
