import { z } from 'zod';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { connectorAnswer, connectorSchema } from './connector-answer.js';

/** The vendors that connections can be made to. The same for everybody, and until the next release. */
export function getConnectors(app: App, api: ApiContext): void {
  const data = api.connectors.map(connectorAnswer);
  app.get(
    '/api/v1/connectors',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getConnectors',
        tags: ['connections'],
        summary: 'The vendors that connections can be made to, and what each needs',
        response: {
          200: z.object({ data: z.array(connectorSchema) }).describe('May be kept for five minutes'),
          ...problemResponses(),
        },
      },
    },
    async (_request, reply) => {
      reply.header('cache-control', 'private, max-age=300');
      return { data };
    },
  );
}
