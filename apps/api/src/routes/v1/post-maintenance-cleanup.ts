import { clearByHand } from '@syncline/engine';
import { z } from 'zod';
import { actorOf } from '../../access/actor.js';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';

/** Below the time that an answer may take. */
const seconds = 10;

const most = 3650;
const outside = `has to be a whole number of days from 1 to ${most}`;
const count = z.int().min(0);

/** Clears old history away now, without waiting for the night. */
export function postMaintenanceCleanup(app: App, api: ApiContext): void {
  const body = z
    .strictObject({
      daysToKeep: z
        .int(outside)
        .min(1, outside)
        .max(most, outside)
        .default(api.retentionDays ?? 90)
        .describe('What ended longer ago goes; SYNCLINE_RETENTION_DAYS unless given'),
    })
    .meta({ examples: [{ daysToKeep: 90 }] });
  const deleted = z
    .object({
      sync_jobs: count,
      sync_progress: count,
      sync_failed_items: count,
      sync_schedule_runs: count,
      audit_log: count,
    })
    .describe('Rows that went, by table');
  app.post(
    '/api/v1/maintenance/cleanup',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'postMaintenanceCleanup',
        tags: ['maintenance'],
        summary: 'Clear old history away',
        description:
          'Ended syncs, resolved failed items and runs of schedules that are older; entries of the audit log after a year at least. Never what is live, and never a failed item that is not resolved.',
        body,
        response: {
          200: z
            .object({
              daysToKeep: z.int(),
              deleted,
              complete: z.boolean().describe(`False: there is more than goes in ${seconds} seconds. Ask again`),
            })
            .describe('It is gone'),
          ...problemResponses('VALIDATION_FAILED', 'PAYLOAD_TOO_LARGE', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { daysToKeep } = request.body;
      const cleared = await clearByHand(ctx, ctx.organizationId, daysToKeep, actorOf(request), seconds);
      return { daysToKeep, ...cleared };
    },
  );
}
