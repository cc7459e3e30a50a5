import { unblockMember } from '@syncline/store';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { memberAnswer, memberAt, memberParams, memberSchema } from './member-answer.js';

/** Lets somebody in again who was shut out. */
export function postMemberUnblock(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/members/:id/unblock',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'postMemberUnblock',
        tags: ['organizations'],
        summary: 'Let a member in again',
        description: 'With what their token says: also with one that they had before, if it has not ended.',
        params: memberParams,
        response: {
          200: { description: 'They may come in', content: { 'application/json': { schema: memberSchema } } },
          ...problemResponses('NOT_FOUND', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { organizationId } = ctx;
      const { id } = await memberAt(ctx, request.params.id);
      await ctx.db.transaction().execute((trx) => unblockMember(trx, { organizationId, id }, actorOf(request)));
      return memberAnswer(await memberAt(ctx, id));
    },
  );
}
