import { type JobStatus, listSchedules, listSyncLogs, readStop } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { scheduleAnswer, scheduleSchema } from '../v1/schedules/schedule-answer.js';
import { budgetAnswer, budgetSchema } from './budget-answer.js';
import { chooseConnection, connectionAnswer, connectionIdSchema, connectionSchema } from './choose-connection.js';
import { logEntry, logEntrySchema } from './log-entry.js';

const live: readonly JobStatus[] = ['queued', 'running'];
const ended: readonly JobStatus[] = ['succeeded', 'partial', 'failed', 'cancelled'];
const shown = 10;

/** What a connection is doing now, what it did last, and when it does what next. */
export function getSyncStatus(app: App, api: ApiContext): void {
  app.get(
    '/api/sync/status',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getSyncStatus',
        tags: ['sync'],
        summary: 'The running sync, if any, the recent ones, and what comes next',
        querystring: z.strictObject({ connectionId: connectionIdSchema }),
        response: {
          200: z
            .object({
              state: z.enum(['idle', 'running']),
              running: logEntrySchema.nullable(),
              recent: z.array(logEntrySchema).describe(`The last ${shown} that ended, newest first`),
              scheduled: z.array(scheduleSchema).describe('The schedules that are enabled, the next one first'),
              schedulerEnabled: z.boolean().describe('False where ENABLE_SYNC_SCHEDULER is: nothing is started'),
              budget: budgetSchema.nullable().describe("The vendor's quota of this connection's credential"),
              budgetReason: z.string().nullable().describe('Why the budget is null'),
              stopped: z.boolean().describe('The emergency stop is in force'),
              connection: connectionSchema,
            })
            .describe('What is going on'),
          ...problemResponses(
            'VALIDATION_FAILED',
            'CONNECTION_AMBIGUOUS',
            'CONNECTION_NOT_FOUND',
            'DATABASE_UNAVAILABLE',
          ),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const connection = await chooseConnection(ctx, request.query.connectionId);
      const jobs = (statuses: readonly JobStatus[], limit: number) =>
        listSyncLogs(ctx.db, ctx.organizationId, { connectionId: connection.id, statuses }, { limit, offset: 0 });
      // Before those that ended: one that ends in between is in both, and one that is in neither would be lost from sight.
      const [found] = await jobs(live, 1);
      const [recent, schedules, stop, budget] = await Promise.all([
        jobs(ended, shown),
        listSchedules(ctx.db, ctx.organizationId, { connectionId: connection.id }),
        readStop(ctx.db, ctx.organizationId),
        budgetAnswer(ctx, connection),
      ]);
      const running = recent.some(({ id }) => id === found?.id) ? undefined : found;
      return {
        state: running === undefined ? ('idle' as const) : ('running' as const),
        running: running === undefined ? null : logEntry(running),
        recent: recent.map(logEntry),
        scheduled: schedules
          .filter(({ enabled }) => enabled)
          .sort((a, b) => Number(a.nextDueAt) - Number(b.nextDueAt))
          .map(scheduleAnswer),
        schedulerEnabled: ctx.schedules !== undefined,
        budget: budget.budget,
        budgetReason: budget.reason,
        stopped: stop !== undefined,
        connection: connectionAnswer(connection),
      };
    },
  );
}
