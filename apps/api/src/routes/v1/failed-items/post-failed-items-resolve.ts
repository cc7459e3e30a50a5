import { closeFailedItems } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { hasToSayWhich, itemSelection, mostIds, mostItems, saysWhich, selectionOf } from './failed-item-filter.js';

const body = z
  .strictObject({ ...itemSelection, note: z.string().trim().min(1).max(2_000).describe('Why, of all of them') })
  .refine(saysWhich, hasToSayWhich)
  .meta({ examples: [{ filter: { entity: 'contacts', status: 'dead' }, note: 'deleted at the vendor' }] });

/** Closes many items by hand, all for the same reason. */
export function postFailedItemsResolve(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/failed-items/resolve',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postFailedItemsResolve',
        tags: ['failed items'],
        summary: 'Close many failed items',
        description:
          `The ones named by ids (at most ${mostIds}), or all that a filter means (at most ${mostItems} at once, the ` +
          'oldest first). Nothing is tried or written. Held sweeps are only closed when they are named, or the filter ' +
          'says kind sweep.',
        body,
        response: {
          200: z
            .object({
              resolved: z.int().min(0).describe('Items that are closed now; those that were before do not count'),
              more: z.boolean().describe('There may be more that the filter means: ask again'),
            })
            .describe('They are resolved'),
          ...problemResponses('VALIDATION_FAILED', 'PAYLOAD_TOO_LARGE', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { note, ...given } = request.body;
      const by = { organizationId: ctx.organizationId, ...actorOf(request) };
      const resolved = await closeFailedItems(ctx.db, by, selectionOf(given), note, mostItems);
      return { resolved, more: resolved === mostItems };
    },
  );
}
