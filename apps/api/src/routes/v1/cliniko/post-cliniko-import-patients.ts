import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOfPath } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { failureResponses } from '../../../problems/failure.js';
import { nameOfOrganization, organizationParams } from '../sync/organization-name.js';
import { startFailures } from '../sync/start-failures.js';
import { connectionsFor, startedFields, startSyncs } from '../sync/start-syncs.js';
import type { Order } from '../sync/sync-modes.js';
import { clinikoConnector } from './vendor.js';

const started = z.object({
  success: z.literal(true),
  message: z.string(),
  organization_id: z.string(),
  import_id: z.guid().describe('The same as sync_id: an import is a sync, and is followed like one'),
  timestamp: z.iso.datetime(),
  ...startedFields,
});

const allPatients: Order = { syncType: 'import-patients', mode: 'full', entities: ['patients'] };

/** Reads all patients, whether they changed or not. */
export function postClinikoImportPatients(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/cliniko/import-patients/:organization_id',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postClinikoImportPatients',
        tags: ['cliniko'],
        summary: 'Read all patients of Cliniko',
        params: organizationParams,
        response: {
          200: started.describe('It is in Postgres, and will run'),
          ...failureResponses('NOT_FOUND', ...startFailures),
        },
      },
    },
    async (request) => {
      const ctx = await tenantOfPath(api, request, request.params.organization_id);
      const connections = await connectionsFor(ctx, undefined, clinikoConnector);
      const syncs = await startSyncs(ctx, connections, actorOf(request), () => allPatients);
      return {
        success: true as const,
        message: 'Patient import started successfully',
        organization_id: nameOfOrganization(request, ctx),
        import_id: syncs.sync_id,
        timestamp: new Date().toISOString(),
        ...syncs,
      };
    },
  );
}
