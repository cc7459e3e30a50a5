import { type FailedItemEvent, failedItemEventKinds, readFailedItemHistory } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { failedItemAnswer, failedItemSchema } from './failed-item-answer.js';
import { itemId, itemParams, unknownItem } from './find-item.js';

const eventSchema = z
  .object({
    at: z.iso.datetime(),
    kind: z
      .enum(failedItemEventKinds)
      .describe(
        'failed: an attempt came to nothing. dead: given up. started: its retry is a sync. edited, retried: by hand',
      ),
    actor: z.string().nullable().describe('Who did it by hand; of resolved also sync and recovery'),
    attempt: z.int().min(0).nullable().describe('Of failed: how many attempts there were by then'),
    code: z.string().nullable(),
    field: z.string().nullable(),
    message: z
      .string()
      .nullable()
      .describe('Of failed: what was wrong, null where it is the same as before. Of resolved: the note'),
    syncJobId: z.guid().nullable().describe('The sync in which it happened, as long as it is kept'),
  })
  .meta({ id: 'FailedItemEvent', description: 'Something that happened to a failed item' });

/** What happened to an item, in its order, and to the ones before it. */
export function getFailedItemHistory(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/failed-items/:id/history',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getFailedItemHistory',
        tags: ['failed items'],
        summary: 'What happened to a failed item',
        description: 'Each attempt, edits and retries by hand and by whom, and how it ended. No contents.',
        params: itemParams,
        response: {
          200: z
            .object({
              data: z.array(eventSchema).describe('In its order: the first, and the latest hundred'),
              earlier: z
                .array(failedItemSchema)
                .describe('Items of the same record that were settled before; ten at most, the latest first'),
            })
            .describe('What happened'),
          ...problemResponses('NOT_FOUND', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const history = await readFailedItemHistory(ctx.db, ctx.organizationId, itemId(request.params));
      if (history === undefined) throw unknownItem();
      return { data: history.events.map(eventAnswer), earlier: history.earlier.map(failedItemAnswer) };
    },
  );
}

function eventAnswer({ at, ...same }: FailedItemEvent): z.infer<typeof eventSchema> {
  return { at: at.toISOString(), ...same };
}
