import type { FastifyRequest } from 'fastify';

/**
 * All that is answered without a key, as registered. Everything else is closed, a route added tomorrow too; so is what
 * does not exist, so that strangers cannot map the server.
 */
const publicRoutes: ReadonlySet<string> = new Set(['GET /healthz', 'GET /readyz', 'GET /login', 'POST /login']);

export function isPublic(request: FastifyRequest): boolean {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  return publicRoutes.has(`${method} ${request.routeOptions.url}`);
}
