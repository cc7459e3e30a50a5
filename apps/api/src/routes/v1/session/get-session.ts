import { callerOf } from '../../../access/caller.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { sessionAnswer, sessionSchema } from './session-answer.js';

/** Who asks. */
export function getSession(app: App, ctx: ApiContext): void {
  app.get(
    '/api/v1/session',
    {
      config: { access: 'viewer' },
      schema: {
        operationId: 'getSession',
        tags: ['session'],
        summary: 'Who asks: role, organizations, and until when',
        response: {
          200: sessionSchema.describe('Whose key, token or session it is'),
          ...problemResponses('DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request) => sessionAnswer(ctx.db, callerOf(request)),
  );
}
