import { SyncError } from '@syncline/connector-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { classifyError } from './classify-error.js';
import { failureOf } from './failure.js';

/** When trying again makes sense, where nothing better is known. */
const retryAfterSeconds = 5;

/** Answers a request with what went wrong. The only place where an error becomes an HTTP answer. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const problem = classifyError(error, request.id);
  if (problem.code === 'INTERNAL')
    request.log.error({ event: 'request.failed', err: error }, 'request failed unexpectedly');
  else if (problem.status >= 500)
    request.log.warn({ event: 'request.unserved', err: error, code: problem.code }, 'request could not be served');
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  const wait = problem.status === 503 || problem.status === 429 ? waitSeconds(error) : undefined;
  if (wait !== undefined) reply.header('retry-after', String(wait));
  const inGuideWords = request.routeOptions.config.failures === 'guide';
  return reply
    .code(problem.status)
    .type(inGuideWords ? 'application/json' : 'application/problem+json')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(inGuideWords ? failureOf(problem, wait, new Date()) : problem);
}

function waitSeconds(error: unknown): number {
  const resumeAt = error instanceof SyncError ? error.resumeAt : undefined;
  if (resumeAt === undefined) return retryAfterSeconds;
  return Math.max(1, Math.ceil((resumeAt.getTime() - Date.now()) / 1000));
}
