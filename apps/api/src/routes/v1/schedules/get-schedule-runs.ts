import { SyncError } from '@syncline/connector-kit';
import { listScheduleRuns, listSchedules } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { scheduleRunAnswer, scheduleRunSchema } from './schedule-answer.js';
import { scheduleIdOf, scheduleParams } from './schedule-request.js';

/** What came of each time at which a schedule was due, a page at a time. */
export function getScheduleRuns(app: App, api: ApiContext): void {
  const querystring = z.strictObject({
    page: z.coerce.number().int().min(1).max(1_000_000).default(1),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  });
  const pagination = z.object({ page: z.int(), limit: z.int(), total: z.int(), totalPages: z.int() });
  app.get(
    '/api/v1/schedules/:id/runs',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getScheduleRuns',
        tags: ['schedules'],
        summary: 'What came of a schedule',
        params: scheduleParams,
        querystring,
        response: {
          200: z.object({ data: z.array(scheduleRunSchema), pagination }).describe('A page, newest first'),
          ...problemResponses('VALIDATION_FAILED', 'NOT_FOUND', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { page, limit } = request.query;
      const id = scheduleIdOf(request.params);
      const [schedule] = await listSchedules(ctx.db, ctx.organizationId, { id });
      if (schedule === undefined) throw new SyncError('NOT_FOUND', 'There is no schedule with this id');
      const of = { limit, offset: (page - 1) * limit };
      const { runs, total } = await listScheduleRuns(ctx.db, ctx.organizationId, id, of);
      const totalPages = Math.ceil(total / limit);
      return { data: runs.map(scheduleRunAnswer), pagination: { page, limit, total, totalPages } };
    },
  );
}
