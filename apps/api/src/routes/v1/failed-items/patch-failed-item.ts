import { mapRecord, SyncError, stringifyJson } from '@syncline/connector-kit';
import { editFailedItem } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { type TenantContext, tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { findEntity } from './find-entity.js';
import { findItem, itemId, itemParams, keepDigits, wholeItemSchema } from './find-item.js';

/** Records can be large; other requests are not. */
const bodyLimit = 1024 * 1024;

const problem = z.object({ field: z.string().nullable(), message: z.string() });

/**
 * Puts a failed record right. What cannot be mapped yet is taken as well, and the answer says what is wrong with it;
 * what would become another record is not.
 */
export function patchFailedItem(app: App, api: ApiContext): void {
  app.patch(
    '/api/v1/failed-items/:id',
    {
      config: { access: 'operator' },
      bodyLimit,
      schema: {
        operationId: 'patchFailedItem',
        tags: ['failed items'],
        summary: 'Put the payload of a failed record right',
        description:
          'The next retry takes this payload instead of asking the vendor; POST …/retry has it tried at once. At most 1 MiB.',
        params: itemParams,
        body: z.strictObject({ payload: z.record(z.string(), z.unknown()).describe('The whole record') }),
        response: {
          200: z
            .object({
              item: wholeItemSchema,
              problems: z.array(problem).describe('What would stand in the way of this payload; empty if nothing does'),
            })
            .describe('The payload is kept'),
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
    async (request, reply) => {
      const ctx = tenantOf(api, request);
      const id = itemId(request.params);
      const { payload } = request.body;
      const before = await findItem(ctx, id);
      if (before.status === 'resolved') throw new SyncError('ITEM_RESOLVED');
      const problems = await problemsOf(ctx, before, payload);
      const by = { organizationId: ctx.organizationId, ...actorOf(request) };
      await editFailedItem(ctx.db, by, id, payloadText(payload));
      keepDigits(reply);
      return { item: await findItem(ctx, id), problems };
    },
  );
}

type Item = Awaited<ReturnType<typeof findItem>>;

async function problemsOf(ctx: TenantContext, item: Item, payload: unknown): Promise<z.infer<typeof problem>[]> {
  const entity = await findEntity(ctx, item);
  if (entity === undefined) return [];
  const outcome = mapRecord(entity.mapping, payload);
  if ('rejected' in outcome) {
    const { field = null, message } = outcome.rejected;
    return [{ field, message }];
  }
  if (item.vendorId === null || outcome.ok.key === item.vendorId) return [];
  throw new SyncError('VALIDATION_FAILED', `is another record: the item is about ${item.vendorId}`, {
    field: 'payload',
  });
}

/** Throws SyncError VALIDATION_FAILED for what is nested too deep to be written. */
function payloadText(payload: unknown): string {
  try {
    return stringifyJson(payload, true);
  } catch {
    throw new SyncError('VALIDATION_FAILED', 'is nested too deep', { field: 'payload' });
  }
}
