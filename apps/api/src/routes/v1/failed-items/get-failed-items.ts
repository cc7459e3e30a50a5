import { countFailedItems, listFailedItems } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { failedItemAnswer, failedItemSchema } from './failed-item-answer.js';
import { failedItemFilter, filterOf } from './failed-item-filter.js';

/** What could not be synced, a page at a time, newest first. */
export function getFailedItems(app: App, api: ApiContext): void {
  const querystring = z.strictObject({
    page: z.coerce.number().int().min(1).max(1_000_000).default(1),
    limit: z.coerce.number().int().min(1).max(100).default(20),
    ...failedItemFilter,
  });
  const pagination = z.object({ page: z.int(), limit: z.int(), total: z.int(), totalPages: z.int() });
  app.get(
    '/api/v1/failed-items',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getFailedItems',
        tags: ['failed items'],
        summary: 'What could not be synced',
        querystring,
        response: {
          200: z.object({ data: z.array(failedItemSchema), pagination }).describe('A page, newest first'),
          ...problemResponses('VALIDATION_FAILED', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { page, limit, ...given } = request.query;
      const filter = filterOf(given);
      const [items, total] = await Promise.all([
        listFailedItems(ctx.db, ctx.organizationId, filter, { limit, offset: (page - 1) * limit }),
        countFailedItems(ctx.db, ctx.organizationId, filter),
      ]);
      const totalPages = Math.ceil(total / limit);
      return { data: items.map(failedItemAnswer), pagination: { page, limit, total, totalPages } };
    },
  );
}
