import { isSyncError } from '@syncline/connector-kit';
import { hasWebhookKey } from '@syncline/engine';
import { listConnections, readWebhookHealth } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { webhookAnswer, webhookSchema } from './webhook-answer.js';
import { connectorWithWebhooks, webhookConnector } from './webhook-connector.js';

/** How the webhooks of a vendor are doing, of an organization's connections. */
export function getWebhookHealth(app: App, api: ApiContext): void {
  app.get(
    '/api/webhooks/:connector/health',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getWebhookHealth',
        tags: ['webhooks'],
        summary: 'How the webhooks of a vendor are doing',
        params: z.object({ connector: webhookConnector }),
        querystring: z.strictObject({
          connectionId: z.guid('has to be the id of a connection (a UUID)').optional().describe('Of this one only'),
        }),
        response: {
          200: z
            .object({
              success: z.literal(true),
              data: z.object({
                configured: z.boolean().describe('Every connection has a key, or a path with a token'),
                verified: z
                  .boolean()
                  .describe('Every connection has been sent something that its key had signed, or to its path'),
                lastDelivery: z.iso.datetime().nullable(),
                connections: z.array(webhookSchema),
              }),
              timestamp: z.iso.datetime(),
            })
            .describe('Nothing of any record'),
          ...problemResponses('NOT_FOUND', 'VALIDATION_FAILED', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const connector = connectorWithWebhooks(ctx, request.params.connector);
      const { connectionId } = request.query;
      const all = await listConnections(ctx.db, ctx.organizationId, connector.id);
      const connections = all.filter(({ id }) => connectionId === undefined || id === connectionId);
      const ids = connections.map(({ id }) => id);
      const health = await readWebhookHealth(ctx.db, ctx.organizationId, ids);
      const answers = await Promise.all(
        connections.map(async (connection) => {
          const known = health.find(({ connectionId }) => connectionId === connection.id);
          return webhookAnswer(connection, connector.webhooks.proof, known, await hasKey(ctx, connection));
        }),
      );
      const times = answers.flatMap(({ lastDeliveryAt }) => lastDeliveryAt ?? []).sort();
      return {
        success: true as const,
        data: {
          configured: answers.length > 0 && answers.every(({ configured }) => configured),
          verified: answers.length > 0 && answers.every(({ verifiedAt }) => verifiedAt !== null),
          lastDelivery: times.at(-1) ?? null,
          connections: answers,
        },
        timestamp: new Date().toISOString(),
      };
    },
  );
}

/** One whose secrets cannot be read has none that is of use. */
async function hasKey(...of: Parameters<typeof hasWebhookKey>): Promise<boolean> {
  return hasWebhookKey(...of).catch((error: unknown) => {
    if (isSyncError(error)) return false;
    throw error;
  });
}
