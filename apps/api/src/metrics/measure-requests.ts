import type { Recorder } from '@syncline/metrics';
import type { FastifyInstance } from 'fastify';

const classes = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;

/** Measures requests by the pattern of their route: a path as it came may be anything, and there is no end of them. */
export function measureRequests(app: FastifyInstance, recorder: Recorder): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    const status = classes[Math.floor(reply.statusCode / 100) - 1] ?? '5xx';
    const { method } = request;
    recorder.observe('syncline_http_request_duration_seconds', { method, route, status }, reply.elapsedTime / 1_000);
  });
}
