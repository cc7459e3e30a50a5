import { catalogue, type ErrorCode } from '@syncline/connector-kit';
import { groupFailedItems, type ReasonGroup } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { kinds } from './failed-item-answer.js';
import { failedItemFilter, filterOf } from './failed-item-filter.js';

const groupSchema = z
  .object({
    entity: z.string().nullable().describe('Null for what is about a whole job'),
    kind: z.enum(kinds),
    reasonCode: z.string(),
    field: z.string().nullable(),
    message: z.string().describe('Of one of them'),
    count: z.int().min(1),
    firstAt: z.iso.datetime(),
    lastAt: z.iso.datetime(),
    retryable: z.boolean().describe('What is wrong may pass by itself; else something has to change first'),
  })
  .meta({ id: 'FailedItemGroup', description: 'Failed items with which the same thing is wrong' });

/** What is wrong with failed items, the most frequent first. */
export function getFailedItemGroups(app: App, api: ApiContext): void {
  const querystring = z.strictObject(failedItemFilter);
  app.get(
    '/api/v1/failed-items/groups',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getFailedItemGroups',
        tags: ['failed items'],
        summary: 'Failed items by what is wrong with them',
        querystring,
        response: {
          200: z.object({ data: z.array(groupSchema) }).describe('A hundred at most, the biggest first'),
          ...problemResponses('VALIDATION_FAILED', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const filter = { status: 'open', ...filterOf(request.query) } as const;
      return { data: (await groupFailedItems(ctx.db, ctx.organizationId, filter)).map(groupAnswer) };
    },
  );
}

function groupAnswer({ entity, code, firstAt, lastAt, ...same }: ReasonGroup): z.infer<typeof groupSchema> {
  return {
    ...same,
    entity: entity === '' ? null : entity,
    reasonCode: code,
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
    retryable: catalogue[code as ErrorCode]?.kind !== 'permanent',
  };
}
