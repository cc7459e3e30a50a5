import { createConnection } from '@syncline/engine';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { connectionAnswerOf, connectionFields, connectionSchema } from './connection-answer.js';

/** Makes a connection, with the schedules that its connector proposes. */
export function postConnection(app: App, api: ApiContext): void {
  const ids = api.connectors.map(({ id }) => id) as [string, ...string[]];
  const body = z
    .strictObject({
      ...connectionFields,
      connector: z.enum(ids),
      settings: z.record(z.string().max(100), z.unknown()).default({}),
    })
    .meta({
      examples: [
        {
          ...{ connector: 'practicepanther', name: 'head office' },
          credentials: { clientId: '…', clientSecret: '…', refreshToken: '…' },
        },
      ],
    });
  app.post(
    '/api/v1/connections',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'postConnection',
        tags: ['connections'],
        summary: 'Make a connection',
        description: 'The vendor is not asked yet: POST …/test does that.',
        body,
        response: {
          201: { description: 'The connection', content: { 'application/json': { schema: connectionSchema } } },
          ...problemResponses('VALIDATION_FAILED', 'EGRESS_REFUSED', 'PAYLOAD_TOO_LARGE', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request, reply) => {
      const ctx = tenantOf(api, request);
      const given = { ...request.body, organizationId: ctx.organizationId };
      const { id } = await createConnection(ctx, given, actorOf(request));
      reply.code(201);
      return connectionAnswerOf(ctx, id);
    },
  );
}
