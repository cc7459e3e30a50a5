import type { FastifyInstance } from 'fastify';
import { loggedPath } from './logged-path.js';

/** One line a request. By its path only, without what is secret in it; headers may hold what must not be kept. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, url, ip, caller } = request;
    const organizationId = caller?.organizationId;
    const path = loggedPath(url);
    request.log.info(
      {
        event: 'request',
        organizationId,
        method,
        path,
        ip,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
  });
}
