import { SyncError } from '@syncline/connector-kit';
import { createSchedule } from '@syncline/engine';
import { findConnection } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { scheduleAnswer, scheduleSchema } from './schedule-answer.js';
import { scheduleFields } from './schedule-request.js';

/** Makes a schedule; it is in force at once. */
export function postSchedule(app: App, api: ApiContext): void {
  const body = z.strictObject({ connectionId: z.guid(), ...scheduleFields }).meta({
    examples: [
      {
        connectionId: '6f0d5b3e-3f0b-4f0e-9d51-0a1c2e7f5a10',
        ...{ name: 'office hours', cron: '0 9-17/2 * * 1-5', timeZone: 'America/New_York' },
        ...{ entities: ['matters', 'tasks'], mode: 'incremental' },
      },
    ],
  });
  app.post(
    '/api/v1/schedules',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postSchedule',
        tags: ['schedules'],
        summary: 'Make a schedule',
        body,
        response: {
          201: { description: 'The schedule', content: { 'application/json': { schema: scheduleSchema } } },
          ...problemResponses('VALIDATION_FAILED', 'CONNECTION_NOT_FOUND', 'PAYLOAD_TOO_LARGE', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request, reply) => {
      const ctx = tenantOf(api, request);
      const { connectionId, ...given } = request.body;
      const connection = await findConnection(ctx.db, ctx.organizationId, connectionId);
      if (connection === undefined) {
        throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
      }
      const schedule = await createSchedule(ctx, connection, given, actorOf(request));
      reply.code(201);
      return scheduleAnswer(schedule);
    },
  );
}
