import { removeSchedule } from '@syncline/engine';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { scheduleIdOf, scheduleParams } from './schedule-request.js';

/** Deletes a schedule. One that came with the connection does not come back. */
export function deleteSchedule(app: App, api: ApiContext): void {
  app.delete(
    '/api/v1/schedules/:id',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'deleteSchedule',
        tags: ['schedules'],
        summary: 'Delete a schedule and its history',
        description: 'A sync that it has started goes on. To keep the history, set enabled to false instead.',
        params: scheduleParams,
        response: {
          200: z.object({ id: z.guid(), deleted: z.literal(true) }).describe('It is gone'),
          ...problemResponses('NOT_FOUND', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const id = scheduleIdOf(request.params);
      await removeSchedule(ctx, ctx.organizationId, id, actorOf(request));
      return { id, deleted: true as const };
    },
  );
}
