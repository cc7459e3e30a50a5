import { listConnections, readWebhookDays } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { webhookPath, webhookSchema } from './webhook-answer.js';

const { connectionId, name, proof, path, verifiedAt, lastDeliveryAt } = webhookSchema.shape;
const count = z.int().min(0);

const webhookDaySchema = z
  .object({
    ...{ connectionId, name, connector: z.string(), proof, path, verifiedAt, lastDeliveryAt },
    received: count.describe('Events of the last 24 full hours, and of the one that has begun'),
    processed: count.describe('Records told of in the last 24 hours that are settled; ten thousand at most'),
    failed: count.describe('Records told of in the last 24 hours that became failed items'),
    lagSeconds: z
      .number()
      .nullable()
      .describe('How long the oldest one waits that is not settled; null when none does'),
  })
  .meta({ id: 'WebhookDay', description: 'What came of the deliveries of a day' });

/** The webhooks of all connections that may have some, by name. */
export function getWebhooks(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/webhooks',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getWebhooks',
        tags: ['webhooks'],
        summary: 'The webhooks of all connections, and what came of them in the last 24 hours',
        response: {
          200: z
            .object({ data: z.array(webhookDaySchema) })
            .describe('Connections whose vendors tell of changes, by name'),
          ...problemResponses('DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const [connections, days] = await Promise.all([
        listConnections(ctx.db, ctx.organizationId),
        readWebhookDays(ctx.db, ctx.organizationId),
      ]);
      const known = new Map(days.map((day) => [day.connectionId, day]));
      const data = connections.flatMap((connection) => {
        const webhooks = ctx.connectors.find(({ id }) => id === connection.connector)?.webhooks;
        if (webhooks === undefined) return [];
        const day = known.get(connection.id);
        return {
          ...{ connectionId: connection.id, name: connection.name, connector: connection.connector },
          ...{
            proof: webhooks.proof,
            path: webhookPath(connection, webhooks.proof === 'path' ? '{token}' : undefined),
          },
          verifiedAt: day?.verifiedAt?.toISOString() ?? null,
          lastDeliveryAt: day?.lastDeliveryAt?.toISOString() ?? null,
          ...{ received: day?.received ?? 0, processed: day?.processed ?? 0, failed: day?.failed ?? 0 },
          lagSeconds: day?.lagSeconds ?? null,
        };
      });
      return { data: data.sort((a, b) => (a.name < b.name ? -1 : 1)) };
    },
  );
}
