import { SyncError } from '@syncline/connector-kit';
import { type DeliveryView, findConnection, listDeliveries } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { keysetPage, keysetQuery, nextCursorSchema, placeIn } from '../../keyset.js';
import { connectionIdOf, connectionParams } from './connection-answer.js';

const place = z.object({ micros: z.string().regex(/^\d{1,18}$/), id: z.int().min(0) });
const outcomes = ['written', 'deleted', 'unknown', 'failed', 'sync', 'expired'] as const;

const deliverySchema = z
  .object({
    id: z.int(),
    type: z.string().describe("The vendor's word for what happened"),
    entity: z.string(),
    vendorId: z.string().nullable().describe('Null: about the entity, or some days of it'),
    sentAt: z.iso.datetime().describe("By the vendor's clock; of a vendor that does not sign: when it came"),
    receivedAt: z.iso.datetime(),
    status: z.enum(['pending', 'in_hand', 'done']).describe('in_hand: its record is being asked for'),
    outcome: z
      .enum(outcomes)
      .nullable()
      .describe(
        'written: the record is stored. deleted: the vendor has it no more. unknown: nor have we. failed: a failed item has it. sync: a sync was started. expired: syncs have long passed it. Null until it is done',
      ),
    attempts: z.int().min(0).describe('How often the record was asked for in vain'),
    settledAt: z.iso.datetime().nullable(),
  })
  .meta({
    id: 'WebhookDelivery',
    description: 'One thing that a delivery told of, and what became of it; no contents',
  });

const querystring = z.strictObject({
  ...keysetQuery,
  outcome: z
    .enum([...outcomes, 'open'])
    .optional()
    .describe('open: those that are not done'),
});

/** What the deliveries of the last days told of, the latest first. */
export function getWebhookDeliveries(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/connections/:id/webhook/deliveries',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getWebhookDeliveries',
        tags: ['webhooks'],
        summary: "What a connection's webhooks told of, and what became of it",
        description: 'Kept for seven days after it was settled. One that told of several records has a row for each.',
        params: connectionParams,
        querystring,
        response: {
          200: z.object({ data: z.array(deliverySchema), nextCursor: nextCursorSchema }).describe('The latest first'),
          ...problemResponses('CONNECTION_NOT_FOUND', 'VALIDATION_FAILED', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const connectionId = connectionIdOf(request.params);
      const { limit, cursor, outcome } = request.query;
      const before = placeIn(cursor, place);
      if ((await findConnection(ctx.db, ctx.organizationId, connectionId)) === undefined) {
        throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
      }
      const filter = { outcome, before };
      const found = await listDeliveries(ctx.db, ctx.organizationId, connectionId, filter, limit + 1);
      const { rows, nextCursor } = keysetPage(found, limit, (delivery) => delivery.place);
      return { data: rows.map(deliveryAnswer), nextCursor };
    },
  );
}

function deliveryAnswer({ place: { id }, ...delivery }: DeliveryView): z.infer<typeof deliverySchema> {
  const { sentAt, receivedAt, settledAt, ...same } = delivery;
  return {
    id,
    ...same,
    sentAt: sentAt.toISOString(),
    receivedAt: receivedAt.toISOString(),
    settledAt: settledAt?.toISOString() ?? null,
  };
}
