import { SyncError } from '@syncline/connector-kit';
import { forgetMember } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { memberAt, memberParams } from './member-answer.js';

/** Forgets what is kept of a person. Their token is the provider's: whoever comes again is known again. */
export function deleteMember(app: App, api: ApiContext): void {
  app.delete(
    '/api/v1/members/:id',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'deleteMember',
        tags: ['organizations'],
        summary: 'Forget a member',
        description:
          'Takes away name, address, role and times. It shuts nobody out: whoever comes with a token again is known again. Somebody who is shut out is kept.',
        params: memberParams,
        response: {
          204: z.null().describe('Nothing is known of them any more'),
          ...problemResponses('NOT_FOUND', 'MEMBER_KEPT', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request, reply) => {
      const ctx = tenantOf(api, request);
      const { organizationId } = ctx;
      const { id } = await memberAt(ctx, request.params.id);
      const isGone = await ctx.db
        .transaction()
        .execute((trx) => forgetMember(trx, { organizationId, id }, actorOf(request)));
      if (!isGone) throw new SyncError('MEMBER_KEPT');
      return reply.code(204).send(null);
    },
  );
}
