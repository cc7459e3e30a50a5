import { z } from 'zod';
import { takeSession } from '../../../access/session-cookie.js';
import type { App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';

/** Signs the browser out. */
export function deleteSession(app: App): void {
  app.delete(
    '/api/v1/session',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'deleteSession',
        tags: ['session'],
        summary: 'Sign out: the browser forgets its session',
        response: { 204: z.null().describe('It has none any more'), ...problemResponses() },
      },
    },
    async (_request, reply) => {
      takeSession(reply);
      return reply.code(204).send(null);
    },
  );
}
