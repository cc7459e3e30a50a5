import { deleteConnection as deleteForGood } from '@syncline/engine';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { connectionIdOf, connectionParams } from './connection-answer.js';

/** Deletes a connection. It is gone at once; workers take away what it has left behind. */
export function deleteConnection(app: App, api: ApiContext): void {
  const querystring = z.strictObject({
    data: z
      .enum(['keep', 'delete'], 'has to be keep or delete')
      .describe('keep: the rows that it has synced stay, and nothing updates them. delete: they go as well'),
  });
  app.delete(
    '/api/v1/connections/:id',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'deleteConnection',
        tags: ['connections'],
        summary: 'Delete a connection, with or without its data',
        description:
          'Its credentials and schedules are gone at once, its sync is cancelled, and its history follows within minutes.',
        params: connectionParams,
        querystring,
        response: {
          202: z
            .object({ id: z.guid(), deleted: z.literal(true), data: z.enum(['keep', 'delete']) })
            .describe('It is gone; its rows follow'),
          ...problemResponses('VALIDATION_FAILED', 'CONNECTION_NOT_FOUND', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request, reply) => {
      const ctx = tenantOf(api, request);
      const id = connectionIdOf(request.params);
      const { data } = request.query;
      await deleteForGood(ctx, ctx.organizationId, id, data === 'delete', actorOf(request));
      return reply.code(202).send({ id, deleted: true as const, data });
    },
  );
}
