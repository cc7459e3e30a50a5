import { SyncError } from '@syncline/connector-kit';
import { cancelSync } from '@syncline/engine';
import { z } from 'zod';
import { actorOf } from '../../access/actor.js';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';

/** Cancels a sync: it has ended when this answers. */
export function postJobCancel(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/sync/jobs/:id/cancel',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postJobCancel',
        tags: ['sync'],
        summary: 'Cancel a sync',
        description: 'What was written until now stays; the watermarks do not move. The connection is free at once.',
        params: z.object({ id: z.string().describe('The id that the trigger answered with') }),
        response: {
          200: z.object({ id: z.guid(), status: z.literal('cancelled') }).describe('It has ended'),
          ...problemResponses('NOT_FOUND', 'SYNC_NOT_RUNNING', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const id = z.guid().safeParse(request.params.id);
      if (!id.success) throw new SyncError('NOT_FOUND', 'There is no sync job with this id');
      await cancelSync(ctx, ctx.organizationId, id.data, actorOf(request));
      return { id: id.data, status: 'cancelled' as const };
    },
  );
}
