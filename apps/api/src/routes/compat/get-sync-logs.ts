import { countJobs, listSyncLogs } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { connectionIdSchema } from './choose-connection.js';
import { filterStatuses, statusesOf } from './guide-words.js';
import { logEntry, logEntrySchema } from './log-entry.js';
import { syncTypesOf } from './sync-types.js';

/** Counted so far, in a history that is longer. */
const mostCounted = 100_000;

/** The history, a page at a time, newest first. */
export function getSyncLogs(app: App, api: ApiContext): void {
  const querystring = z.strictObject({
    page: z.coerce.number().int().min(1).max(1_000_000).default(1),
    limit: z.coerce.number().int().min(1).max(100).default(20),
    syncType: z.enum(syncTypesOf(api.connectors)).optional(),
    status: z.enum(filterStatuses).optional(),
    connectionId: connectionIdSchema,
  });
  const pagination = z.object({
    ...{ page: z.int(), limit: z.int(), total: z.int(), totalPages: z.int() },
    capped: z.boolean().describe(`There are more than the total, which is counted up to ${mostCounted}`),
  });
  app.get(
    '/api/sync/logs',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getSyncLogs',
        tags: ['sync'],
        summary: 'The history of syncs',
        description: 'Rows of the view sync_logs, by the names of its columns.',
        querystring,
        response: {
          200: z.object({ data: z.array(logEntrySchema), pagination }).describe('A page, newest first'),
          ...problemResponses('VALIDATION_FAILED', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { page, limit, syncType, status, connectionId } = request.query;
      const filter = {
        connectionId,
        syncTypes: syncType === undefined ? undefined : [syncType],
        statuses: status === undefined ? undefined : statusesOf(status),
      };
      const [logs, counted] = await Promise.all([
        listSyncLogs(ctx.db, ctx.organizationId, filter, { limit, offset: (page - 1) * limit }),
        countJobs(ctx.db, ctx.organizationId, filter, mostCounted + 1),
      ]);
      const total = Math.min(counted, mostCounted);
      const totalPages = Math.ceil(total / limit);
      const capped = counted > mostCounted;
      return { data: logs.map(logEntry), pagination: { page, limit, total, totalPages, capped } };
    },
  );
}
