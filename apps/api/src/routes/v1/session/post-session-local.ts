import { SyncError } from '@syncline/connector-kit';
import type { FastifyRequest } from 'fastify';
import { isLocalBrowser } from '../../../access/local-browser.js';
import { isLocalPeer } from '../../../access/local-peer.js';
import type { ApiContext, App } from '../../../api-context.js';
import { problemResponses } from '../../../problems/problem.js';
import { sessionSchema } from './session-answer.js';
import { type SignIn, signIn } from './sign-in.js';

/** Signs in the browser of whoever runs `npm start` on this machine, without a key. Elsewhere there is no such thing. */
export function postSessionLocal(app: App, ctx: ApiContext, door: SignIn): void {
  app.post(
    '/api/v1/session/local',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'postSessionLocal',
        tags: ['session'],
        summary: 'Sign in the browser on the machine that `npm start` runs on',
        description:
          'Only with the services that `npm start` brings along, and only for pages of this host in a browser of the same ' +
          'machine and user; for all others there is nothing here.',
        security: [],
        response: {
          200: sessionSchema.describe('The platform; the cookie is set'),
          ...problemResponses('NOT_FOUND', 'DATABASE_UNAVAILABLE'),
        },
      },
    },
    async (request, reply) => {
      if (ctx.localSignIn !== true || !(await isFromHere(request))) throw new SyncError('NOT_FOUND');
      return signIn(ctx, door, 'local', null, [request, reply]);
    },
  );
}

async function isFromHere({ raw }: FastifyRequest): Promise<boolean> {
  const { headers, httpVersion, socket } = raw;
  if (!isLocalBrowser({ headers, httpVersion, remoteAddress: socket.remoteAddress })) return false;
  return isLocalPeer(socket);
}
