import { readJobStatistics, readRunStatistics } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { chooseConnection } from './choose-connection.js';
import { statisticsAnswer, statisticsSchema } from './statistics-answer.js';

/** The syncs of the last days in numbers. Two queries, whatever the number of syncs. */
export function getSyncStatistics(app: App, api: ApiContext): void {
  const querystring = z.strictObject({
    days: z.coerce
      .number()
      .int()
      .min(1)
      .max(365)
      .default(30)
      .describe('Calendar days in UTC, today included; syncs count on the day on which they were asked for'),
    connectionId: z
      .guid('has to be the id of a connection (a UUID)')
      .optional()
      .describe('Of one connection; of all unless given'),
  });
  app.get(
    '/api/sync/statistics',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getSyncStatistics',
        tags: ['sync'],
        summary: 'The syncs of the last days in numbers',
        querystring,
        response: {
          200: { description: 'What they came to', content: { 'application/json': { schema: statisticsSchema } } },
          ...problemResponses('VALIDATION_FAILED', 'CONNECTION_NOT_FOUND', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { days, connectionId } = request.query;
      if (connectionId !== undefined) await chooseConnection(ctx, connectionId);
      const scope = { days, connectionId };
      const [jobs, runs] = await Promise.all([
        readJobStatistics(ctx.db, ctx.organizationId, scope),
        readRunStatistics(ctx.db, ctx.organizationId, scope),
      ]);
      return statisticsAnswer(days, jobs, runs);
    },
  );
}
