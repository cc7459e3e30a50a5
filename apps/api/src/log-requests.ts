import type { FastifyInstance } from 'fastify';

/** One line a request. By its path only: headers and query values may hold what must not be kept. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, url, ip } = request;
    const path = url.split('?', 1)[0];
    request.log.info({ method, path, ip, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'request');
  });
}
