import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { catalogue, SyncError } from '@syncline/connector-kit';
import { within } from '@syncline/engine';
import { declareAccess } from '../access/role.js';
import type { ApiContext, App } from '../api-context.js';
import { sendProblem } from '../problems/send-problem.js';
import { declareHeaders, framedByOurselves } from '../security-headers.js';
import { isAllowed } from './allowed-actions.js';

const basePath = '/admin/queues';
/** Where its page lies. It would look beside its own code, which is not there when this app is one file. */
const uiBasePath = dirname(createRequire(import.meta.url).resolve('@bull-board/ui/package.json'));
/** BullMQ's handles wait for a Redis that is away; the page should say so instead. */
const redisMs = 2_000;

const links = [
  { text: 'API reference', url: '/docs' },
  { text: 'Sign out', url: '/login' },
];

const whyDenied =
  'Switched off in Syncline: queues only carry out what Postgres says. Removing a job would also let the next step of ' +
  'its flow run as if this one had never been there. Retry it instead, or start a new sync.';

/** All queues in Bull Board. Whether somebody brings the platform key is looked at by the hook that closes the whole server. */
export async function serveBullBoard(app: App, ctx: ApiContext): Promise<void> {
  const serverAdapter = new FastifyAdapter();
  serverAdapter.setBasePath(basePath);
  createBullBoard({
    queues: ctx.queues.all.map((queue) => new BullMQAdapter(queue)),
    serverAdapter,
    options: {
      uiBasePath,
      uiConfig: {
        boardTitle: 'Syncline',
        hideDocsLink: true,
        // In the dashboard's frame they would lead to pages that no frame shows; the dashboard has them itself.
        miscLinks: ctx.dashboardFolder === undefined ? links : [],
      },
      handlerHooks: {
        before: ({ method, route, request }) =>
          isAllowed({ method, route, params: request.params })
            ? { allow: true }
            : { allow: false, status: 403, message: whyDenied },
      },
    },
  });
  // Its own handler tells the client whatever was thrown.
  serverAdapter.setErrorHandler((error) => {
    ctx.log.error({ event: 'bull_board.failed', err: error }, 'Bull Board request failed');
    const { title, hint } = catalogue.INTERNAL;
    return { status: 500, body: { error: title, message: hint } };
  });
  await app.register(async (scope: App) => {
    // Its queues hold the jobs of all organizations.
    declareAccess(scope, 'platform');
    declareHeaders(scope, framedByOurselves);
    scope.addHook('onRequest', async (request, reply) => {
      if (!request.url.startsWith(`${basePath}/api/`)) return undefined;
      try {
        await within(redisMs, ctx.redis.ping(), () => new Error(`no answer within ${redisMs / 1000} s`));
        return undefined;
      } catch (cause) {
        return sendProblem(request, reply, new SyncError('QUEUE_UNAVAILABLE', undefined, { cause }));
      }
    });
    await scope.register(serverAdapter.registerPlugin(), { prefix: basePath });
  });
}
