import { SyncError } from '@syncline/connector-kit';
import { retryItems } from '@syncline/engine';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { failedItemSchema } from './failed-item-answer.js';
import { findItem, itemId, itemParams } from './find-item.js';

/** Has one item tried again at once, also a dead one. */
export function postFailedItemRetry(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/failed-items/:id/retry',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postFailedItemRetry',
        tags: ['failed items'],
        summary: 'Try a failed item again',
        description:
          'A record is fetched anew and written; an entity run or a job is taken up again, or becomes a new sync; a held ' +
          'sweep is confirmed: its rows are marked as deleted. While the connection cannot work, the item waits.',
        params: itemParams,
        response: {
          202: z
            .object({
              item: failedItemSchema,
              enqueued: z.boolean().describe('False while Redis is away: it is tried when Redis is back'),
            })
            .describe('It is due, or is being tried already'),
          ...problemResponses('NOT_FOUND', 'ITEM_RESOLVED', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request, reply) => {
      const ctx = tenantOf(api, request);
      const id = itemId(request.params);
      const { status } = await findItem(ctx, id);
      if (status === 'resolved') throw new SyncError('ITEM_RESOLVED');
      const by = { organizationId: ctx.organizationId, ...actorOf(request) };
      const { enqueued } = await retryItems(ctx, by, { ids: [id] }, 1);
      const { payload: _, ...item } = await findItem(ctx, id);
      reply.code(202);
      return { item, enqueued };
    },
  );
}
