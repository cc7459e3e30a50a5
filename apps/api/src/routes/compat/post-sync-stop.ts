import { stopSyncs } from '@syncline/engine';
import { actorOf } from '../../access/actor.js';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { stopAnswer, stopSchema } from './stop-answer.js';

/** The emergency stop. */
export function postSyncStop(app: App, api: ApiContext): void {
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
        response: { 200: stopSchema.describe('How it stands now'), ...problemResponses('DATABASE_UNAVAILABLE') },
      },
    },
    async (request) => stopAnswer(await stopSyncs(api, tenantOf(api, request).organizationId, actorOf(request))),
  );
}
