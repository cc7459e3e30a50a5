import { randomUUID } from 'node:crypto';
import { type FastifyBaseLogger, fastify, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { ApiContext, App } from './api-context.js';
import { limitHandlers } from './limits/limit-handlers.js';
import { logRequests } from './log-requests.js';
import { handleProblems } from './problems/handle-problems.js';
import { sendProblem } from './problems/send-problem.js';
import { parseQuery } from './query-string.js';
import { setBareHeaders } from './security-headers.js';
import { traceRequests } from './trace-requests.js';

const bodyLimit = 64 * 1024;
/** For a request to arrive completely: slow senders must not hold sockets. */
const requestTimeout = 30_000;
/** For an answer: a service that hangs must not hold requests for as long as TCP does. */
const defaultHandlerTimeout = 15_000;

/** A server without routes: its limits, its languages, its errors. `handlerTimeout` in milliseconds. */
export function bareServer(
  ctx: Pick<ApiContext, 'log' | 'trustedProxies'>,
  handlerTimeout: number = defaultHandlerTimeout,
): App {
  const app: App = fastify({
    loggerInstance: ctx.log as FastifyBaseLogger,
    // log-requests.ts does it, on one line.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit,
    requestTimeout,
    handlerTimeout,
    genReqId: () => randomUUID(),
    // Whose address a request has decides about limits and stands in the audit log: nobody may make one up.
    trustProxy: ctx.trustedProxies.length > 0 ? [...ctx.trustedProxies] : false,
    routerOptions: { querystringParser: parseQuery },
    // Keep-alive connections without a request would hold up the end of the process.
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => {
      setBareHeaders(reply);
      void sendProblem(request, reply, error);
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // JSON is the only language: other sites' pages can send plain text without asking.
  app.removeContentTypeParser('text/plain');
  app.addHook('preValidation', limitHandlers);
  handleProblems(app);
  traceRequests(app);
  logRequests(app);
  return app;
}
