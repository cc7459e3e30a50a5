import { SyncError } from '@syncline/connector-kit';
import { findConnection, listVerifications } from '@syncline/store';
import { z } from 'zod';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { connectionIdOf, connectionParams } from '../connections/connection-answer.js';
import { verificationAnswer, verificationSchema } from './verification-answer.js';

/** A connection's verifications, the latest first. */
export function getVerifications(app: App, api: ApiContext): void {
  app.get(
    '/api/v1/connections/:id/verifications',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getVerifications',
        tags: ['verifications'],
        summary: "A connection's verifications, the latest first",
        description: 'The last 20 are kept.',
        params: connectionParams,
        response: {
          200: z.object({ data: z.array(verificationSchema) }).describe('The latest first'),
          ...problemResponses('CONNECTION_NOT_FOUND', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const connectionId = connectionIdOf(request.params);
      if ((await findConnection(ctx.db, ctx.organizationId, connectionId)) === undefined) {
        throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
      }
      const all = await listVerifications(ctx.db, ctx.organizationId, { connectionId });
      return { data: all.map(verificationAnswer) };
    },
  );
}
