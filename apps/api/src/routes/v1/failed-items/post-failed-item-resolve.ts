import { resolveFailedItem } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { failedItemSchema } from './failed-item-answer.js';
import { findItem, itemId, itemParams } from './find-item.js';

/** Closes an item by hand. */
export function postFailedItemResolve(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/failed-items/:id/resolve',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postFailedItemResolve',
        tags: ['failed items'],
        summary: 'Close a failed item',
        description:
          'Nothing is tried or written. A record that fails again in a later sync opens a new item; a held sweep keeps ' +
          'its rows.',
        params: itemParams,
        body: z.strictObject({ note: z.string().trim().min(1).max(2_000).describe('Why') }),
        response: {
          200: z.object({ item: failedItemSchema }).describe('It is resolved'),
          ...problemResponses(
            'VALIDATION_FAILED',
            'NOT_FOUND',
            'ITEM_RESOLVED',
            'PAYLOAD_TOO_LARGE',
            'DATABASE_UNAVAILABLE',
          ),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const id = itemId(request.params);
      const by = { organizationId: ctx.organizationId, ...actorOf(request) };
      await resolveFailedItem(ctx.db, by, id, request.body.note);
      const { payload: _, ...item } = await findItem(ctx, id);
      return { item };
    },
  );
}
