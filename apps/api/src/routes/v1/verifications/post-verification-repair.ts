import { SyncError } from '@syncline/connector-kit';
import { startRepair } from '@syncline/engine';
import { findConnection } from '@syncline/store';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { findVerification, verificationAnswer, verificationParams, verificationSchema } from './verification-answer.js';

/** Orders the repair of what a verification found. */
export function postVerificationRepair(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/verifications/:id/repair',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postVerificationRepair',
        tags: ['verifications'],
        summary: 'Repair what a verification found',
        description:
          'An entity after the other, by a sync of the records that were found; where the vendor does not hand them out one by one, by a full sync of the entity, and rows that are too many are marked as deleted. The order is the word that a brake on deletes would wait for.',
        params: verificationParams,
        response: {
          202: { description: 'Ordered', content: { 'application/json': { schema: verificationSchema } } },
          ...problemResponses('NOT_FOUND', 'VALIDATION_FAILED', 'VERIFICATION_RUNNING', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request, reply) => {
      const ctx = tenantOf(api, request);
      const { id, connectionId } = await findVerification(ctx, request.params);
      const connection = await findConnection(ctx.db, ctx.organizationId, connectionId);
      if (connection === undefined) throw new SyncError('NOT_FOUND', 'There is no verification with this id');
      await startRepair(ctx, connection, id, actorOf(request));
      return reply.code(202).send(verificationAnswer(await findVerification(ctx, { id })));
    },
  );
}
