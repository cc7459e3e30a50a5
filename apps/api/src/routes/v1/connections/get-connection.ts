import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { connectionAnswerOf, connectionIdOf, connectionParams, connectionSchema } from './connection-answer.js';

/** One connection, with its last and next sync in short. */
export function getConnection(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/connections/:id',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getConnection',
        tags: ['connections'],
        summary: 'A connection',
        params: connectionParams,
        response: {
          200: { description: 'The connection', content: { 'application/json': { schema: connectionSchema } } },
          ...problemResponses('CONNECTION_NOT_FOUND', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => connectionAnswerOf(tenantOf(api, request), connectionIdOf(request.params)),
  );
}
