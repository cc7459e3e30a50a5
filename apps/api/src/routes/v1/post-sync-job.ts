import { type Connector, SyncError } from '@syncline/connector-kit';
import { startSync } from '@syncline/engine';
import { findConnection } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../access/actor.js';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { readSelection, selectionRequest } from '../compat/read-selection.js';
import { selectionAnswer, selectionSchema } from '../selection-answer.js';
import { jobUrl } from './get-sync-job.js';

const mostEntities = 50;

const started = z
  .object({
    jobId: z.guid(),
    mode: z.enum(['full', 'incremental', 'backfill']),
    selection: selectionSchema.nullable().describe('What a backfill is about'),
    entities: z.array(z.string()).describe('In the order they are synced, those included that others depend on'),
    statusUrl: z.string(),
    enqueued: z.boolean().describe('False while Redis is away: the job is kept and starts when Redis is back'),
  })
  .describe('The job is in Postgres, and will run');

const order = z.strictObject({
  connectionId: z.guid('has to be the id of a connection (a UUID)'),
  mode: z.enum(['full', 'incremental']).optional().describe('incremental unless given'),
  entities: z
    .array(z.string().min(1).max(100))
    .max(mostEntities)
    .optional()
    .describe('Those, and what they depend on; all of them unless given'),
  selection: selectionRequest
    .optional()
    .describe('Only these records. Moves no watermark and deletes nothing unseen. By ids: of one entity'),
});

/** Starts a sync of any connection: of everything, of chosen entities, of chosen records. */
export function postSyncJob(app: App, api: ApiContext): void {
  const connectionId = '0b8e3c52-6a7f-4f3a-8d54-3c1c7b1a0001';
  app.post(
    '/api/v1/sync/jobs',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postSyncJob',
        tags: ['sync'],
        summary: 'Start a sync of a connection',
        body: order.meta({
          examples: [
            { connectionId, entities: ['patients', 'appointments'] },
            { connectionId, mode: 'full' },
            { connectionId, entities: ['patients'], selection: { id: '836447129235883061' } },
          ],
        }),
        response: {
          202: started,
          ...problemResponses(
            'VALIDATION_FAILED',
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
      const connection = await findConnection(ctx.db, ctx.organizationId, request.body.connectionId);
      if (connection === undefined) throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
      const connector = api.connectors.find(({ id }) => id === connection.connector);
      const asked = readOrder(connector, request.body, new Date());
      const by = actorOf(request);
      const whose = { trigger: 'manual', triggeredBy: by.actor, by } as const;
      const { jobId, entities, enqueued } = await startSync(ctx, connection, { ...asked, ...whose });
      const statusUrl = jobUrl(jobId);
      reply.code(202).header('location', statusUrl);
      const selection = selectionAnswer(asked.selection ?? null);
      return { jobId, mode: asked.mode, selection, entities: [...entities], statusUrl, enqueued };
    },
  );
}

/** What is to be synced. Throws SyncError VALIDATION_FAILED with the field. */
function readOrder(connector: Connector | undefined, asked: z.infer<typeof order>, now: Date) {
  const { mode, selection } = asked;
  const entities = [...new Set(asked.entities)];
  const known = connector?.entities.map(({ name }) => name) ?? [];
  const strange = entities.findIndex((name) => !known.includes(name));
  if (strange !== -1) {
    throw refuse(`entities.${strange}`, `is no entity of ${connector?.displayName}: it has ${known.join(', ')}`);
  }
  // In the words of the history: an entity by its name, and what is more than one by its mode.
  const [only] = entities;
  const typeOf = (whole: string) => (entities.length === 1 && only !== undefined ? only : whole);
  if (selection === undefined) {
    const whole = mode ?? 'incremental';
    return { syncType: typeOf(whole), mode: whole, entities };
  }
  if (mode !== undefined) throw refuse('mode', 'does not go with a selection, which is read as it is');
  const byIds = selection.id !== undefined || selection.ids !== undefined;
  if (byIds && entities.length !== 1) throw refuse('entities', 'has to name one: the ids are of one entity');
  const chosen = readSelection(selection, byIds, now);
  return { syncType: typeOf('full'), mode: 'backfill' as const, entities, selection: chosen };
}

function refuse(field: string, message: string): SyncError {
  return new SyncError('VALIDATION_FAILED', message, { field });
}
