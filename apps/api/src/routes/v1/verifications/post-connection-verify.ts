import { SyncError } from '@syncline/connector-kit';
import { startVerification } from '@syncline/engine';
import { findConnection } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { connectionIdOf, connectionParams } from '../connections/connection-answer.js';
import { findVerification, verificationAnswer, verificationSchema } from './verification-answer.js';

const body = z
  .strictObject({
    entities: z.array(z.string().max(60)).max(60).default([]).describe('Those to look at; none: all'),
  })
  .prefault({})
  .meta({ examples: [{ entities: ['matters'] }] });

/** Has a connection's records held against the rows. */
export function postConnectionVerify(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/connections/:id/verify',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postConnectionVerify',
        tags: ['verifications'],
        summary: "Hold the vendor's records against the rows",
        description:
          'Reads everything once more, with what the budget leaves over, and writes nothing. Syncs go on meanwhile. Finds rows that are missing, too many, of an older version, or different.',
        params: connectionParams,
        body,
        response: {
          202: { description: 'Ordered', content: { 'application/json': { schema: verificationSchema } } },
          ...problemResponses(
            'CONNECTION_NOT_FOUND',
            'VALIDATION_FAILED',
            'VERIFICATION_RUNNING',
            'SYNC_STOPPED',
            'CONNECTION_NOT_READY',
            'DATABASE_UNAVAILABLE',
          ),
        },
      },
    },
    async (request, reply) => {
      const ctx = tenantOf(api, request);
      const connection = await findConnection(ctx.db, ctx.organizationId, connectionIdOf(request.params));
      if (connection === undefined) throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
      const by = actorOf(request);
      const order = { entities: request.body.entities, trigger: 'manual', triggeredBy: by.actor, by } as const;
      const id = await startVerification(ctx, connection, order).catch((error: unknown) => {
        if (!(error instanceof RangeError)) throw error;
        throw new SyncError('VALIDATION_FAILED', error.message, { field: 'entities' });
      });
      return reply.code(202).send(verificationAnswer(await findVerification(ctx, { id })));
    },
  );
}
