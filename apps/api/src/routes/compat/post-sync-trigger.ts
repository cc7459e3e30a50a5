import { startSync } from '@syncline/engine';
import { z } from 'zod';
import { actorOf } from '../../access/actor.js';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { selectionAnswer, selectionSchema } from '../selection-answer.js';
import { jobUrl } from '../v1/get-sync-job.js';
import { chooseConnection, connectionIdSchema } from './choose-connection.js';
import { selectionRequest } from './read-selection.js';
import { readOrder, syncTypesOf } from './sync-types.js';

const mode = z.enum(['full', 'incremental']);

const started = z
  .object({
    jobId: z.guid(),
    syncType: z.string(),
    mode: z.enum(['full', 'incremental', 'backfill']),
    selection: selectionSchema.nullable().describe('What a backfill is about'),
    status: z.literal('queued'),
    entities: z.array(z.string()).describe('In the order they are synced'),
    statusUrl: z.string(),
    enqueued: z.boolean().describe('False while Redis is away: the job is kept and starts when Redis is back'),
  })
  .describe('The job is in Postgres, and will run');

/** Starts a sync: the job is safe in Postgres when this answers. */
export function postSyncTrigger(app: App, api: ApiContext): void {
  const body = z
    .strictObject({
      syncType: z.enum(syncTypesOf(api.connectors)).describe('An entity with what it depends on, or all of them'),
      mode: mode.optional().describe('For an entity; incremental unless given'),
      selection: selectionRequest
        .optional()
        .describe(
          'Only these records, of an entity or (by time) of all. Moves no watermark and deletes nothing unseen',
        ),
      connectionId: connectionIdSchema,
    })
    .meta({
      examples: [
        { syncType: 'contacts' },
        { syncType: 'matters', selection: { id: 'b7c3a6c2-9f34-4f3a-8d54-3c1c7b1a0003' } },
        { syncType: 'full', selection: { from: '2025-06-01', to: '2025-06-30' } },
      ],
    });
  app.post(
    '/api/sync/trigger',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postSyncTrigger',
        tags: ['sync'],
        summary: 'Start a sync',
        body,
        response: {
          202: started,
          ...problemResponses(
            'VALIDATION_FAILED',
            'CONNECTION_AMBIGUOUS',
            'CONNECTION_NOT_FOUND',
            'SYNC_ALREADY_RUNNING',
            'SYNC_STOPPED',
            'CONNECTION_NOT_READY',
            'PAYLOAD_TOO_LARGE',
            'CONNECTION_SETTINGS_INVALID',
            'DATABASE_UNAVAILABLE',
          ),
        },
      },
    },
    async (request, reply) => {
      const ctx = tenantOf(api, request);
      const { syncType, connectionId } = request.body;
      const asked = readOrder(request.body, new Date());
      const connection = await chooseConnection(ctx, connectionId);
      const by = actorOf(request);
      const { jobId, entities, enqueued } = await startSync(ctx, connection, {
        syncType,
        ...asked,
        trigger: 'manual',
        triggeredBy: by.actor,
        by,
      });
      const statusUrl = jobUrl(jobId);
      reply.code(202).header('location', statusUrl);
      return {
        jobId,
        syncType,
        mode: asked.mode,
        selection: selectionAnswer(asked.selection ?? null),
        status: 'queued' as const,
        entities: [...entities],
        statusUrl,
        enqueued,
      };
    },
  );
}
