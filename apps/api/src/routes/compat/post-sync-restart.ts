import { restartSyncs } from '@syncline/engine';
import { actorOf } from '../../access/actor.js';
import { tenantOf } from '../../access/caller.js';
import type { ApiContext, App } from '../../api-context.js';
import { problemResponses } from '../../problems/problem.js';
import { stopAnswer, stopSchema } from './stop-answer.js';

/** Lifts the emergency stop. */
export function postSyncRestart(app: App, api: ApiContext): void {
  app.post(
    '/api/sync/restart',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'postSyncRestart',
        tags: ['sync'],
        summary: 'Lift the emergency stop',
        description: 'Held syncs go on where they were. Nothing is lost, and nothing is read twice.',
        response: { 200: stopSchema.describe('How it stands now'), ...problemResponses('DATABASE_UNAVAILABLE') },
      },
    },
    async (request) => stopAnswer(await restartSyncs(api, tenantOf(api, request).organizationId, actorOf(request))),
  );
}
