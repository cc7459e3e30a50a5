import { listSchedules } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { scheduleAnswer, scheduleSchema } from './schedule-answer.js';

/** All schedules, of all connections unless one is named. */
export function getSchedules(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/schedules',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getSchedules',
        tags: ['schedules'],
        summary: 'The schedules',
        querystring: z.strictObject({ connectionId: z.guid('has to be the id of a connection (a UUID)').optional() }),
        response: {
          200: z
            .object({
              data: z.array(scheduleSchema),
              schedulerEnabled: z.boolean().describe('False where ENABLE_SYNC_SCHEDULER is: nothing is started'),
            })
            .describe('Those of a connection together, by name'),
          ...problemResponses('VALIDATION_FAILED', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const schedules = await listSchedules(ctx.db, ctx.organizationId, request.query);
      return { data: schedules.map(scheduleAnswer), schedulerEnabled: ctx.schedules !== undefined };
    },
  );
}
