import { retryItems } from '@syncline/engine';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { hasToSayWhich, itemSelection, mostIds, mostItems, saysWhich, selectionOf } from './failed-item-filter.js';

const body = z
  .strictObject(itemSelection)
  .refine(saysWhich, hasToSayWhich)
  .meta({ examples: [{ filter: { entity: 'contacts', status: 'dead' } }] });

/** Has many items tried again at once. */
export function postFailedItemsRetry(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/failed-items/retry',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postFailedItemsRetry',
        tags: ['failed items'],
        summary: 'Try many failed items again',
        description:
          `The ones named by ids (at most ${mostIds}), or all that a filter means (at most ${mostItems} at once, the ` +
          'oldest first). Held sweeps are only confirmed when they are named, or the filter says kind sweep.',
        body,
        response: {
          202: z
            .object({
              retried: z
                .int()
                .min(0)
                .describe('Items that are due now; those being tried and resolved ones do not count'),
              more: z.boolean().describe('There may be more that the filter means: ask again'),
              enqueued: z.boolean().describe('False while Redis is away: they are tried when Redis is back'),
            })
            .describe('They are due'),
          ...problemResponses('VALIDATION_FAILED', 'PAYLOAD_TOO_LARGE', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request, reply) => {
      const ctx = tenantOf(api, request);
      const by = { organizationId: ctx.organizationId, ...actorOf(request) };
      const { items, enqueued } = await retryItems(ctx, by, selectionOf(request.body), mostItems);
      reply.code(202);
      return { retried: items, more: items === mostItems, enqueued };
    },
  );
}
