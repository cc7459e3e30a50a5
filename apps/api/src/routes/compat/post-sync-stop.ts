import { stopSyncs } from '@syncline/engine';
import { z } from 'zod';
import { actorOf } from '../../access/actor.js';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { stopAnswer, stopSchema } from './stop-answer.js';

/** The emergency stop. */
export function postSyncStop(app: App, api: ApiContext): void {
  // Programs of the system that Syncline replaces send nothing, or whatever they like: that must not keep anything running.
  const body = z
    .object({ reason: z.string().trim().max(500).optional().describe('For whoever finds it stopped') })
    .nullish()
    .meta({ examples: [{ reason: 'The vendor changes all ids tonight' }] });
  app.post(
    '/api/sync/stop',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'postSyncStop',
        tags: ['sync'],
        summary: 'Stop all syncs',
        description:
          'Every sync pauses at its next page and none starts, in every process and over restarts, until POST /api/sync/restart.',
        body,
        response: {
          200: stopSchema.describe('How it stands now'),
          ...problemResponses('VALIDATION_FAILED', 'PAYLOAD_TOO_LARGE', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => {
      const { organizationId } = tenantOf(api, request);
      return stopAnswer(await stopSyncs(api, organizationId, actorOf(request), request.body?.reason || null));
    },
  );
}
