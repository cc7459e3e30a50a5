import { readOverview } from '@syncline/engine';
import { connectionStates, placeOf } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { keysetPage, keysetQuery, nextCursorSchema, placeIn } from '../../keyset.js';
import { connectionOverviewSchema, overviewAnswer } from './overview-answer.js';

const place = z.object({ rank: z.int().min(0).max(1), name: z.string(), id: z.guid() });
const count = z.int().min(0);

/** Every connection at a glance, those with problems first. */
export function getOverview(app: App, api: ApiContext): void {
  const querystring = z.strictObject({
    search: z.string().trim().min(1).max(100).optional().describe('A part of the name, or of the connector’s id'),
    connector: z.string().max(60).optional(),
    state: z.enum(connectionStates).optional(),
    ...keysetQuery,
  });
  app.get(
    '/api/v1/overview',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getOverview',
        tags: ['connections'],
        summary: 'Every connection at a glance',
        querystring,
        response: {
          200: z
            .object({
              data: z.array(connectionOverviewSchema),
              nextCursor: nextCursorSchema,
              totals: z
                .object({
                  ...{ connections: count, problem: count, running: count, paused: count },
                  ...{ openFailedItems: count, openAlerts: count },
                })
                .describe('Of all connections, whatever was asked for; each has one state'),
              stop: z
                .object({
                  isActive: z.boolean(),
                  since: z.iso.datetime().nullable(),
                  by: z.string().nullable(),
                  reason: z.string().nullable().describe('As whoever pressed it gave it'),
                })
                .describe('The emergency stop'),
            })
            .describe('Those with problems first, then by name'),
          ...problemResponses('VALIDATION_FAILED', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { limit, cursor, ...filter } = request.query;
      const after = placeIn(cursor, place);
      const found = await readOverview(ctx, ctx.organizationId, { ...filter, after }, limit + 1);
      const { rows, nextCursor } = keysetPage(found.connections, limit, placeOf);
      const { stop, totals } = found;
      return {
        data: rows.map((row) => overviewAnswer(row, ctx.schedules !== undefined)),
        nextCursor,
        totals: { ...totals },
        stop: {
          isActive: stop !== undefined,
          since: stop?.stoppedAt.toISOString() ?? null,
          by: stop?.stoppedBy ?? null,
          reason: stop?.reason ?? null,
        },
      };
    },
  );
}
