import { resumeConnection } from '@syncline/engine';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { connectionAnswerOf, connectionIdOf, connectionParams, connectionSchema } from './connection-answer.js';

/** Ends a pause: a sync that rested goes on where it was. */
export function postConnectionResume(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/connections/:id/resume',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postConnectionResume',
        tags: ['connections'],
        summary: 'Resume a connection',
        description: 'A sync that rested goes on where it was. Nothing happens to a connection that is not paused.',
        params: connectionParams,
        response: {
          200: { description: 'The connection', content: { 'application/json': { schema: connectionSchema } } },
          ...problemResponses('CONNECTION_NOT_FOUND', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const id = connectionIdOf(request.params);
      await resumeConnection(ctx, ctx.organizationId, id, actorOf(request));
      return connectionAnswerOf(ctx, id);
    },
  );
}
