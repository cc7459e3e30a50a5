import { changeSchedule } from '@syncline/engine';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { scheduleAnswer, scheduleSchema } from './schedule-answer.js';
import { scheduleFields, scheduleIdOf, scheduleParams } from './schedule-request.js';

/** Changes a schedule; the change is in force at once. */
export function patchSchedule(app: App, api: ApiContext): void {
  const body = z
    .strictObject(scheduleFields)
    .partial()
    .refine((given) => Object.keys(given).length > 0, 'names nothing to change')
    .meta({ examples: [{ enabled: false }, { intervalSeconds: 300 }] });
  app.patch(
    '/api/v1/schedules/:id',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'patchSchedule',
        tags: ['schedules'],
        summary: 'Change a schedule',
        description: 'What is left out stays. cron and intervalSeconds replace each other.',
        params: scheduleParams,
        body,
        response: {
          200: { description: 'The schedule', content: { 'application/json': { schema: scheduleSchema } } },
          ...problemResponses('VALIDATION_FAILED', 'NOT_FOUND', 'PAYLOAD_TOO_LARGE', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const id = scheduleIdOf(request.params);
      return scheduleAnswer(await changeSchedule(ctx, ctx.organizationId, id, request.body, actorOf(request)));
    },
  );
}
