import { listApiKeys } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { apiKeyAnswer, apiKeySchema } from './api-key-answer.js';

/** The organization's keys, also those that open nothing any more. */
export function getApiKeys(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/api-keys',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'getApiKeys',
        tags: ['organizations'],
        summary: 'The API keys of the organization',
        response: {
          200: z.object({ data: z.array(apiKeySchema) }).describe('Oldest first'),
          ...problemResponses('DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      return { data: (await listApiKeys(ctx.db, ctx.organizationId)).map(apiKeyAnswer) };
    },
  );
}
