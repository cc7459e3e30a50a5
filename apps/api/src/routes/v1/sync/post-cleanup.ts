import { settleStale } from '@syncline/engine';
import { recordAudit } from '@syncline/store';
import { z } from 'zod';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { failureResponses } from '../../../problems/failure.js';

/** Three beats of a run: whoever carries a sync has shown a sign of life by then. */
const quietSeconds = 15;

/** Looks after syncs that nobody carries any more, of the caller's organization. Workers do the same every few seconds. */
export function postCleanup(app: App, api: ApiContext): void {
  app.post(
    '/api/v1/sync/cleanup',
    {
      config: { access: 'operator' },
      schema: {
        operationId: 'postCleanup',
        tags: ['sync management'],
        summary: 'Settle syncs that nobody carries any more',
        description:
          'Of the own organization only. Syncs that have nothing left to do are concluded, syncs that were lost from the queues go on, and what could not be carried on for six hours is ended as failed. A sync that shows signs of life, waits or is paused is left alone; to end one, cancel it.',
        response: {
          200: z
            .object({
              message: z.string(),
              cleaned_syncs: z.int().min(0).describe('Syncs that have ended by it'),
              resumed_syncs: z.int().min(0).describe('Syncs that were lost, and go on'),
              timestamp: z.iso.datetime(),
            })
            .describe('They are settled'),
          ...failureResponses('QUEUE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const { organizationId } = ctx;
      const { ended, resumed } = await settleStale(ctx, quietSeconds, organizationId);
      const details = { ended, resumed };
      const entry = { action: 'syncs.cleanup', subjectKind: 'organization', details };
      await recordAudit(ctx.db, { organizationId, ...actorOf(request), ...entry });
      return {
        message: `Cleaned up ${ended} stale ${ended === 1 ? 'sync' : 'syncs'}`,
        cleaned_syncs: ended,
        resumed_syncs: resumed,
        timestamp: new Date().toISOString(),
      };
    },
  );
}
