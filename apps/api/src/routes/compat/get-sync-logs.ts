import { countJobs, listJobs } from '@syncline/store';
import { z } from 'zod';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { connectionIdSchema } from './choose-connection.js';
import { filterStatuses, statusesOf } from './guide-words.js';
import { logEntry, logEntrySchema } from './log-entry.js';
import { syncTypesOf } from './sync-types.js';

/** The history, a page at a time, newest first. */
export function getSyncLogs(app: App, ctx: ApiContext): void {
  const querystring = z.strictObject({
    page: z.coerce.number().int().min(1).max(1_000_000).default(1),
    limit: z.coerce.number().int().min(1).max(100).default(20),
    syncType: z.enum(syncTypesOf(ctx.connectors)).optional(),
    status: z.enum(filterStatuses).optional(),
    connectionId: connectionIdSchema,
  });
  const pagination = z.object({ page: z.int(), limit: z.int(), total: z.int(), totalPages: z.int() });
  app.get(
    '/api/sync/logs',
    {
      schema: {
        operationId: 'getSyncLogs',
        tags: ['sync'],
        summary: 'The history of syncs',
        querystring,
        response: {
          200: z.object({ data: z.array(logEntrySchema), pagination }).describe('A page, newest first'),
          ...problemResponses('VALIDATION_FAILED', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const { page, limit, syncType, status, connectionId } = request.query;
      const filter = {
        connectionId,
        syncTypes: syncType === undefined ? undefined : [syncType],
        statuses: status === undefined ? undefined : statusesOf(status),
      };
      const [jobs, total] = await Promise.all([
        listJobs(ctx.db, ctx.organizationId, filter, { limit, offset: (page - 1) * limit }),
        countJobs(ctx.db, ctx.organizationId, filter),
      ]);
      const totalPages = Math.ceil(total / limit);
      return { data: jobs.map(logEntry), pagination: { page, limit, total, totalPages } };
    },
  );
}
