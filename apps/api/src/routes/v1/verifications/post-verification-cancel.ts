import { SyncError } from '@syncline/connector-kit';
import { cancelVerification } from '@syncline/store';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { findVerification, verificationAnswer, verificationParams, verificationSchema } from './verification-answer.js';

/** Cancels a verification, or its repair. */
export function postVerificationCancel(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/verifications/:id/cancel',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postVerificationCancel',
        tags: ['verifications'],
        summary: 'Cancel a verification, or its repair',
        description: 'What was found until now stays. A sync that repairs goes on: cancel it as any other.',
        params: verificationParams,
        response: {
          200: { description: 'It has ended', content: { 'application/json': { schema: verificationSchema } } },
          ...problemResponses('NOT_FOUND', 'SYNC_NOT_RUNNING', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { id } = await findVerification(ctx, request.params);
      if (!(await cancelVerification(ctx.db, ctx.organizationId, id, actorOf(request)))) {
        throw new SyncError('SYNC_NOT_RUNNING', 'The verification has ended');
      }
      return verificationAnswer(await findVerification(ctx, { id }));
    },
  );
}
