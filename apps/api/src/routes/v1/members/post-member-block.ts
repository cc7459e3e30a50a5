import { SyncError } from '@syncline/connector-kit';
import { blockMember } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { callerOf, tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { memberAnswer, memberAt, memberParams, memberSchema } from './member-answer.js';

/** Shuts somebody out whose token lives on. */
export function postMemberBlock(app: App, api: ApiContext): void {
  const body = z
    .strictObject({ reason: z.string().trim().min(1).max(500).describe('For the audit log, and for who asks later') })
    .meta({ examples: [{ reason: 'Left the firm' }] });
  app.post(
    '/api/v1/members/:id/block',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'postMemberBlock',
        tags: ['organizations'],
        summary: 'Shut a member out',
        description:
          'Their tokens and sessions open nothing of this organization from now on, in every process, and streams that they have open end within fifteen seconds. API keys that they made stay good: revoke them besides.',
        params: memberParams,
        body,
        response: {
          200: { description: 'They are out', content: { 'application/json': { schema: memberSchema } } },
          ...problemResponses('VALIDATION_FAILED', 'NOT_FOUND', 'PAYLOAD_TOO_LARGE', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { person } = callerOf(request);
      const { id, issuer, subject } = await memberAt(ctx, request.params.id);
      if (person?.issuer === issuer && person.subject === subject) {
        throw new SyncError('FORBIDDEN', 'Nobody can shut out themselves: another admin can');
      }
      const { organizationId } = ctx;
      await ctx.db
        .transaction()
        .execute((trx) => blockMember(trx, { organizationId, id }, request.body.reason, actorOf(request)));
      return memberAnswer(await memberAt(ctx, id));
    },
  );
}
