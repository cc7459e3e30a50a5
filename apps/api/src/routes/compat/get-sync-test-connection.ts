import { testConnection } from '@syncline/engine';
import { z } from 'zod';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { chooseConnection, connectionAnswer, connectionIdSchema, connectionSchema } from './choose-connection.js';

const timeoutMs = 20_000;

const roundTripMs = z.int().describe('From the request here to the answer, in milliseconds');
const worked = z.object({
  success: z.literal(true),
  roundTripMs,
  sample: z.record(z.string(), z.unknown()).describe('What the vendor said'),
  connection: connectionSchema,
});
const refused = z.object({
  success: z.literal(false),
  roundTripMs,
  code: z.string(),
  title: z.string(),
  message: z.string(),
  hint: z.string(),
  connection: connectionSchema,
});

/** The one request that reaches the vendor. A vendor that refuses is an answer (200, success false), not an error. */
export function getSyncTestConnection(app: App, api: ApiContext): void {
  app.get(
    '/api/sync/test-connection',
    {
      config: { access: 'operator' },
      handlerTimeout: timeoutMs + 5_000,
      schema: {
        operationId: 'getSyncTestConnection',
        tags: ['sync'],
        summary: 'Whether the vendor can be reached with the stored credentials',
        querystring: z.strictObject({ connectionId: connectionIdSchema }),
        response: {
          200: z.union([worked, refused]).describe('The test was made; `success` says what came of it'),
          ...problemResponses(
            'VALIDATION_FAILED',
            'CONNECTION_AMBIGUOUS',
            'CONNECTION_NOT_FOUND',
            'BUDGET_UNAVAILABLE',
            'DATABASE_UNAVAILABLE',
          ),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const connection = await chooseConnection(ctx, request.query.connectionId);
      const result = await testConnection(ctx, connection, timeoutMs);
      const shared = { roundTripMs: result.roundTripMs, connection: connectionAnswer(connection) };
      if (result.ok) return { success: true as const, sample: { ...result.sample }, ...shared };
      const { code, message, entry } = result.error;
      // Our Redis, not the vendor: the test could not be made.
      if (code === 'BUDGET_UNAVAILABLE') throw result.error;
      return { success: false as const, code, title: entry.title, message, hint: entry.hint, ...shared };
    },
  );
}
