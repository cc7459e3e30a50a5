import { listJobSummaries } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { keysetPage, keysetQuery, nextCursorSchema, placeIn } from '../keyset.js';
import { jobSummaryAnswer, jobSummarySchema } from './job-answer.js';

const place = z.object({ micros: z.string().regex(/^\d{1,17}$/), id: z.guid() });
const time = z.iso.datetime({ offset: true, error: 'has to be a time such as 2026-01-31T00:00:00Z' }).optional();

/** The syncs of an organization, newest first. */
export function getSyncJobs(app: App, api: ApiContext): void {
  const querystring = z.strictObject({
    connectionId: z.guid('has to be the id of a connection (a UUID)').optional(),
    status: z.enum(['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled']).optional(),
    trigger: z.enum(['manual', 'schedule', 'webhook', 'recovery']).optional(),
    mode: z.enum(['full', 'incremental', 'backfill']).optional(),
    from: time.describe('Asked for at this moment or later'),
    to: time.describe('Asked for before this moment'),
    ...keysetQuery,
  });
  app.get(
    '/api/v1/sync/jobs',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getSyncJobs',
        tags: ['sync'],
        summary: 'The syncs, newest first',
        querystring,
        response: {
          200: z.object({ data: z.array(jobSummarySchema), nextCursor: nextCursorSchema }).describe('A page of syncs'),
          ...problemResponses('VALIDATION_FAILED', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { limit, cursor, status, from, to, ...same } = request.query;
      const filter = {
        ...same,
        statuses: status && [status],
        from: from === undefined ? undefined : new Date(from),
        to: to === undefined ? undefined : new Date(to),
        after: placeIn(cursor, place),
      };
      const found = await listJobSummaries(ctx.db, ctx.organizationId, filter, limit + 1);
      const { rows, nextCursor } = keysetPage(found, limit, (job) => job.place);
      return { data: rows.map(jobSummaryAnswer), nextCursor };
    },
  );
}
