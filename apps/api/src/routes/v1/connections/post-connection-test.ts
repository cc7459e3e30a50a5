import { SyncError } from '@syncline/connector-kit';
import { testConnection } from '@syncline/engine';
import { findConnection, reportConnectionStatus } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { connectionIdOf, connectionParams } from './connection-answer.js';

const timeoutMs = 20_000;

const roundTripMs = z.int().describe('From the request here to the answer, in milliseconds');
const worked = z.object({
  success: z.literal(true),
  roundTripMs,
  sample: z.record(z.string(), z.unknown()).describe('What the vendor said'),
});
const refused = z.object({
  success: z.literal(false),
  roundTripMs,
  code: z.string(),
  message: z.string(),
  hint: z.string(),
});

/** Asks the vendor who we are. A vendor that refuses is an answer (200, success false), not an error. */
export function postConnectionTest(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/connections/:id/test',
    {
      config: { access: 'operator' },
      handlerTimeout: timeoutMs + 5_000,
      schema: {
        operationId: 'postConnectionTest',
        tags: ['connections'],
        summary: 'Whether the vendor can be reached with the stored credentials',
        description: 'A vendor that lets us in ends needs_reauth.',
        params: connectionParams,
        response: {
          200: z.union([worked, refused]).describe('The test was made; `success` says what came of it'),
          ...problemResponses('CONNECTION_NOT_FOUND', 'BUDGET_UNAVAILABLE', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const connection = await findConnection(ctx.db, ctx.organizationId, connectionIdOf(request.params));
      if (connection === undefined) throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
      const result = await testConnection(ctx, connection, timeoutMs);
      const { roundTripMs } = result;
      // Let in again (the key was restored at the vendor, say): nobody has to write the same credentials once more.
      if (result.ok && connection.status === 'needs_reauth') {
        await reportConnectionStatus(ctx.db, connection, 'active', null);
      }
      if (result.ok) return { success: true as const, roundTripMs, sample: { ...result.sample } };
      const { code, message, entry } = result.error;
      // Our Redis, not the vendor: the test could not be made.
      if (code === 'BUDGET_UNAVAILABLE') throw result.error;
      return { success: false as const, roundTripMs, code, message, hint: entry.hint };
    },
  );
}
