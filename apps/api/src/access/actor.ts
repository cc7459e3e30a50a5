import type { FastifyRequest } from 'fastify';

/** Who did something, for the history and the audit log: with one key for everybody, only how they came in. */
export function actorOf(request: FastifyRequest): string {
  return request.headers.authorization === undefined ? 'browser session' : 'admin key';
}
