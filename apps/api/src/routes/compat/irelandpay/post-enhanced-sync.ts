import { SyncError } from '@syncline/connector-kit';
import type { JobAccess } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { chooseConnection, connectionIdSchema } from '../choose-connection.js';
import { enhancedConnector, enhancedSyncTypes, startEnhancedSync } from './start-enhanced-sync.js';

const path = '/api/sync-irelandpay-crm/enhanced';

const started = z
  .object({
    success: z.literal(true),
    message: z.string(),
    syncId: z.guid().describe(`What it is followed by: GET ${path}?syncId=`),
    syncType: z.enum(enhancedSyncTypes),
    mode: z.enum(['full', 'incremental', 'backfill']),
    status: z.literal('starting'),
    adhoc: z.boolean().describe('It goes by the access that was given, and not by that of the connection'),
    entities: z.array(z.string()).describe('In the order they are synced'),
    statusUrl: z.string(),
    enqueued: z.boolean().describe('False while Redis is away: the sync is kept and starts when Redis is back'),
  })
  .describe('The sync is in Postgres, and will run');

/** Starts a sync of Ireland Pay, by the enhanced sync document. */
export function postEnhancedSync(app: App, api: ApiContext): void {
  const body = z
    .strictObject({
      syncType: z
        .enum(enhancedSyncTypes)
        .describe('initial reads everything, a month at a time beside other syncs; the others what changed'),
      apiKey: z.string().max(1_000).optional().describe('For this sync only, where the operator allows it'),
      baseUrl: z.string().max(2_000).optional().describe('The same; another host needs an apiKey of its own'),
      connectionId: connectionIdSchema,
    })
    .meta({ examples: [{ syncType: 'daily' }] });
  app.post(
    path,
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postEnhancedSync',
        tags: ['sync'],
        summary: 'Start a sync of Ireland Pay',
        body,
        response: {
          202: started,
          ...problemResponses(
            'ADHOC_CREDENTIALS_OFF',
            'VALIDATION_FAILED',
            'CONNECTION_AMBIGUOUS',
            'CONNECTION_NOT_FOUND',
            'SYNC_ALREADY_RUNNING',
            'SYNC_STOPPED',
            'CONNECTION_NOT_READY',
            'EGRESS_REFUSED',
            'PAYLOAD_TOO_LARGE',
            'CONNECTION_SETTINGS_INVALID',
            'DATABASE_UNAVAILABLE',
          ),
        },
      },
    },
    async (request, reply) => {
      const ctx = tenantOf(api, request);
      const { syncType, connectionId } = request.body;
      const access = accessOf(request.body);
      // Before anything is looked up: whoever may not is told so whatever else is wrong.
      if (access !== undefined && !api.adhocCredentials) throw new SyncError('ADHOC_CREDENTIALS_OFF');
      const connection = await chooseConnection(ctx, connectionId, enhancedConnector);
      const by = actorOf(request);
      const { syncId, entities, ...sync } = await startEnhancedSync(ctx, connection, syncType, access, by);
      reply.code(202).header('location', `${path}?syncId=${syncId}`);
      return {
        success: true as const,
        message: `${syncType.replace(/^./, (first) => first.toUpperCase())} sync started`,
        syncId,
        syncType,
        status: 'starting' as const,
        adhoc: access !== undefined,
        entities: [...entities],
        ...sync,
      };
    },
  );
}

function accessOf({ apiKey, baseUrl }: { apiKey?: string | undefined; baseUrl?: string | undefined }) {
  if (apiKey === undefined && baseUrl === undefined) return undefined;
  const access: JobAccess = { ...(apiKey !== undefined && { credentials: { apiKey } }), baseUrl };
  return access;
}
