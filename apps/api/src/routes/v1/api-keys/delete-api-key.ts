import { SyncError } from '@syncline/connector-kit';
import { recordAudit, revokeApiKey } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { apiKeyAnswer, apiKeySchema } from './api-key-answer.js';

/** Revokes a key: the next request with it is refused. The row stays, so that the audit log's names mean something. */
export function deleteApiKey(app: App, api: ApiContext): void {
  app.delete(
    '/api/v1/api-keys/:id',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'deleteApiKey',
        tags: ['organizations'],
        summary: 'Revoke an API key',
        params: z.object({ id: z.string().describe('The id of the key, not the key') }),
        response: {
          200: { description: 'It opens nothing any more', content: { 'application/json': { schema: apiKeySchema } } },
          ...problemResponses('NOT_FOUND', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { organizationId } = ctx;
      const id = z.guid().safeParse(request.params.id);
      const by = actorOf(request);
      const key = await ctx.db.transaction().execute(async (trx) => {
        const revoked = id.success ? await revokeApiKey(trx, organizationId, id.data, by.actor) : undefined;
        if (revoked === undefined) throw new SyncError('NOT_FOUND', 'There is no API key with this id');
        const entry = { action: 'api-key.revoke', subjectKind: 'api_key', subjectId: revoked.id };
        await recordAudit(trx, { organizationId, ...by, ...entry });
        return revoked;
      });
      return apiKeyAnswer(key);
    },
  );
}
