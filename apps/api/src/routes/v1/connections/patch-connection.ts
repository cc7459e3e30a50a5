import { changeConnection } from '@syncline/engine';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import {
  connectionAnswerOf,
  connectionFields,
  connectionIdOf,
  connectionParams,
  connectionSchema,
} from './connection-answer.js';

/** Changes a connection's name, settings or credentials. */
export function patchConnection(app: App, api: ApiContext): void {
  const body = z
    .strictObject({
      ...connectionFields,
      settings: z.record(z.string().max(100), z.unknown()).describe('Those that change; null brings a default back'),
    })
    .partial()
    .refine((given) => Object.keys(given).length > 0, 'names nothing to change')
    .meta({ examples: [{ settings: { pageSize: 50 } }, { credentials: { clientId: '…', clientSecret: '…' } }] });
  app.patch(
    '/api/v1/connections/:id',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'patchConnection',
        tags: ['connections'],
        summary: 'Change a connection',
        description:
          'What is left out stays. New credentials end needs_reauth and throw old tokens away; a baseUrl of another host needs them. They replace all that were there but the key of webhooks, which null takes away.',
        params: connectionParams,
        body,
        response: {
          200: { description: 'The connection', content: { 'application/json': { schema: connectionSchema } } },
          ...problemResponses(
            'VALIDATION_FAILED',
            'CONNECTION_NOT_FOUND',
            'EGRESS_REFUSED',
            'PAYLOAD_TOO_LARGE',
            'DATABASE_UNAVAILABLE',
          ),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const id = connectionIdOf(request.params);
      await changeConnection(ctx, ctx.organizationId, id, request.body, actorOf(request));
      return connectionAnswerOf(ctx, id);
    },
  );
}
