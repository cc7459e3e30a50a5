import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { findItem, itemId, itemParams, keepDigits, wholeItemSchema } from './find-item.js';

/** One failed item with its payload. */
export function getFailedItem(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/failed-items/:id',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getFailedItem',
        tags: ['failed items'],
        summary: 'A failed item with its payload',
        params: itemParams,
        response: {
          200: { description: 'The item', content: { 'application/json': { schema: wholeItemSchema } } },
          ...problemResponses('NOT_FOUND', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request, reply) => {
      const ctx = tenantOf(api, request);
      const item = await findItem(ctx, itemId(request.params));
      keepDigits(reply);
      return item;
    },
  );
}
