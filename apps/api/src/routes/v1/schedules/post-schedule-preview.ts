import { SyncError } from '@syncline/connector-kit';
import { previewSchedule } from '@syncline/engine';
import { findConnection } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { scheduleFields } from './schedule-request.js';

/** What a schedule would mean. Changes nothing, so whoever may look may ask. */
export function postSchedulePreview(app: App, api: ApiContext): void {
  const { name, mode, ...rest } = scheduleFields;
  const body = z
    .strictObject({ connectionId: z.guid().optional(), name: name.optional(), mode: mode.optional(), ...rest })
    .meta({ examples: [{ cron: '0 9-17/2 * * 1-5', timeZone: 'America/New_York' }] });
  app.post(
    '/api/v1/schedules/preview',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'postSchedulePreview',
        tags: ['schedules'],
        summary: 'What a schedule would mean, in words, and its next times',
        body,
        response: {
          200: z
            .object({
              words: z.string(),
              times: z
                .array(z.iso.datetime())
                .describe('The next five at which it would be due; fewer where it has no more'),
              timeZone: z.string().describe('Of the words'),
            })
            .describe('What it means'),
          ...problemResponses('VALIDATION_FAILED', 'CONNECTION_NOT_FOUND', 'PAYLOAD_TOO_LARGE', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { connectionId, cron, intervalSeconds, timeZone } = request.body;
      if (connectionId !== undefined && !(await findConnection(ctx.db, ctx.organizationId, connectionId))) {
        throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
      }
      const preview = await previewSchedule(ctx, connectionId, { cron, intervalSeconds, timeZone });
      return { ...preview, times: preview.times.map((at) => at.toISOString()) };
    },
  );
}
