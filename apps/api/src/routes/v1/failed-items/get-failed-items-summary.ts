import { type FailedItemGroup, summarizeFailedItems } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { kinds, statuses } from './failed-item-answer.js';

const count = z.int().min(0);
const instant = z.iso.datetime();

const summary = z.object({
  totals: z.object({ open: count, pending: count, retrying: count, dead: count, resolved: count }),
  groups: z
    .array(
      z.object({
        connectionId: z.guid(),
        entity: z.string().nullable(),
        kind: z.enum(kinds),
        code: z.string(),
        status: z.enum(statuses),
        items: count,
        attempts: count,
        oldest: instant,
        newest: instant,
        nextAttemptAt: instant.nullable(),
      }),
    )
    .describe('The largest first'),
});

/** Failed items in numbers: what `select * from get_failed_items_summary()` says, for this organization. */
export function getFailedItemsSummary(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/failed-items/summary',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getFailedItemsSummary',
        tags: ['failed items'],
        summary: 'Failed items in numbers',
        response: { 200: summary.describe('Totals and groups'), ...problemResponses('DATABASE_UNAVAILABLE') },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const groups = await summarizeFailedItems(ctx.db, ctx.organizationId);
      return { totals: totalsOf(groups), groups: groups.map(groupAnswer) };
    },
  );
}

function totalsOf(groups: readonly FailedItemGroup[]) {
  const of = (status: string) => groups.reduce((sum, group) => sum + (group.status === status ? group.items : 0), 0);
  const [pending, retrying, dead, resolved] = ['pending', 'retrying', 'dead', 'resolved'].map(of) as [
    number,
    number,
    number,
    number,
  ];
  return { open: pending + retrying + dead, pending, retrying, dead, resolved };
}

function groupAnswer({ entity, oldest, newest, nextAttemptAt, ...same }: FailedItemGroup) {
  return {
    ...same,
    entity: entity === '' ? null : entity,
    oldest: oldest.toISOString(),
    newest: newest.toISOString(),
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
  };
}
