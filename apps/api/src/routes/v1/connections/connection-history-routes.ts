import { pauseHistory, startHistory } from '@syncline/engine';
import { actorOf } from '../../../access/actor.js';
import { tenantOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { connectionIdOf, connectionParams } from './connection-answer.js';
import { historyAnswerOf, historySchema } from './history-answer.js';

const path = '/api/v1/connections/:id/history';
const ok = { 200: historySchema.describe('How far it is') };
const tags = ['connections'];

/** What was before a connection's first syncs, where its connector reads that in windows. */
export function connectionHistoryRoutes(app: App, api: ApiContext): void {
  app.get(
    path,
    {
      config: { access: 'viewer' },
      schema: {
        ...{ operationId: 'getConnectionHistory', tags, params: connectionParams },
        summary: "How far a connection's history is read, and when all of it will be",
        response: { ...ok, ...problemResponses('CONNECTION_NOT_FOUND', 'DATABASE_UNAVAILABLE') },
      },
    },
    async (request) => historyAnswerOf(tenantOf(api, request), connectionIdOf(request.params)),
  );
  app.post(
    `${path}/start`,
    {
      config: { access: 'operator' },
      schema: {
        ...{ operationId: 'postConnectionHistoryStart', tags, params: connectionParams },
        summary: "Start a connection's history, or let it go on",
        description:
          'One that is paused goes on where it was; one that is done is read again, from the newest month; one that is running goes on, at once where it was waiting after a failure. Any other sync of the connection goes first.',
        response: {
          ...ok,
          ...problemResponses(
            'CONNECTION_NOT_FOUND',
            'NO_HISTORY',
            'CONNECTION_SETTINGS_INVALID',
            'DATABASE_UNAVAILABLE',
          ),
        },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const id = connectionIdOf(request.params);
      await startHistory(ctx, ctx.organizationId, id, actorOf(request));
      return historyAnswerOf(ctx, id);
    },
  );
  app.post(
    `${path}/pause`,
    {
      config: { access: 'operator' },
      schema: {
        ...{ operationId: 'postConnectionHistoryPause', tags, params: connectionParams },
        summary: "Pause a connection's history",
        description:
          'The window that is being read ends here, and what is left of it is read when the history is started again. Other syncs go on.',
        response: { ...ok, ...problemResponses('CONNECTION_NOT_FOUND', 'NO_HISTORY', 'DATABASE_UNAVAILABLE') },
      },
    },
    async (request) => {
      const ctx = tenantOf(api, request);
      const id = connectionIdOf(request.params);
      await pauseHistory(ctx, ctx.organizationId, id, actorOf(request));
      return historyAnswerOf(ctx, id);
    },
  );
}
