import { pauseConnection } from '@syncline/engine';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { connectionAnswerOf, connectionIdOf, connectionParams, connectionSchema } from './connection-answer.js';

/** Pauses a connection: its sync rests at the next page, and none starts until somebody resumes it. */
export function postConnectionPause(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/connections/:id/pause',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postConnectionPause',
        tags: ['connections'],
        summary: 'Pause a connection',
        description:
          'A sync that runs rests at its next page, triggers are refused (CONNECTION_NOT_READY), and schedules skip their times.',
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
      await pauseConnection(ctx, ctx.organizationId, id, actorOf(request));
      return connectionAnswerOf(ctx, id);
    },
  );
}
