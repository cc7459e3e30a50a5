import { SyncError } from '@syncline/connector-kit';
import { jobLogKinds, listJobLog, readProgress } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { keysetPage, keysetQuery, nextCursorSchema, placeIn } from '../keyset.js';
import { jobLogMessage } from './job-log-message.js';

const place = z.object({ id: z.int().min(0) });

const lineSchema = z
  .object({
    id: z.string().describe('Grows with time'),
    at: z.iso.datetime(),
    kind: z.enum(jobLogKinds),
    entity: z.string().nullable().describe('Null: it is about the job as a whole'),
    page: z.int().min(0).nullable().describe('How many pages of the entity were committed by then'),
    message: z.string(),
    detail: z.record(z.string(), z.unknown()).nullable().describe('Ids, counts, codes and times'),
  })
  .meta({ id: 'JobLogLine', description: 'Something that happened to a sync' });

/** What happened to a job, in its order. */
export function getSyncJobLog(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/sync/jobs/:id/log',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getSyncJobLog',
        tags: ['sync'],
        summary: 'What happened to a sync, line by line',
        params: z.object({ id: z.string().describe('The id of a sync') }),
        querystring: z.strictObject({
          ...keysetQuery,
          order: z.enum(['asc', 'desc']).default('asc').describe('desc: the latest first'),
        }),
        response: {
          200: z
            .object({ data: z.array(lineSchema), nextCursor: nextCursorSchema })
            .describe('In the order asked for, the oldest first unless said'),
          ...problemResponses('NOT_FOUND', 'VALIDATION_FAILED', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { limit, cursor, order } = request.query;
      const after = placeIn(cursor, place)?.id;
      const id = z.guid().safeParse(request.params.id);
      const job = id.success ? await readProgress(ctx.db, ctx.organizationId, id.data) : undefined;
      if (job === undefined) throw new SyncError('NOT_FOUND', 'There is no sync job with this id');
      const found = await listJobLog(ctx.db, ctx.organizationId, job.id, { after, order, limit: limit + 1 });
      const { rows, nextCursor } = keysetPage(found, limit, (line) => ({ id: line.id }));
      return {
        data: rows.map((line) => ({
          ...{ id: String(line.id), at: line.at.toISOString(), kind: line.kind, entity: line.entity, page: line.page },
          ...{ message: jobLogMessage(line), detail: line.detail && { ...line.detail } },
        })),
        nextCursor,
      };
    },
  );
}
