import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { connectionAnswers, connectionSchema } from './connection-answer.js';

/** The organization's connections. */
export function getConnections(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/connections',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getConnections',
        tags: ['connections'],
        summary: 'The connections',
        response: {
          200: z.object({ data: z.array(connectionSchema) }).describe('Oldest first'),
          ...problemResponses('DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => ({ data: await connectionAnswers(tenantOf(api, request)) }),
  );
}
