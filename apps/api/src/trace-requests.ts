import { isTracing, type OpenSpan, openSpan } from '@syncline/tracing';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Asked every few seconds by machines. */
const untold = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * Makes a span of each request, by its route and never by its URL, which may hold tokens. It goes on with the trace that
 * the request names (`traceparent`), and all that is done for the request is within it.
 */
export function traceRequests(app: FastifyInstance): void {
  if (!isTracing()) return;
  const spans = new WeakMap<FastifyRequest, OpenSpan>();
  app.addHook('onRequest', (request, _reply, done) => {
    const { method, headers, routeOptions } = request;
    const route = routeOptions.url;
    if (route !== undefined && untold.has(route)) return done();
    const attributes = { 'http.request.method': method, 'http.route': route, 'syncline.request_id': request.id };
    const traceparent = typeof headers.traceparent === 'string' ? headers.traceparent : undefined;
    const span = openSpan(
      route === undefined ? method : `${method} ${route}`,
      { kind: 'server', attributes },
      traceparent,
    );
    if (span === undefined) return done();
    spans.set(request, span);
    span.within(done);
  });
  // Once more: a body arrives in the connection's context, not in the request's.
  app.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request);
    if (span === undefined) return done();
    span.about({ organizationId: request.caller?.organizationId ?? undefined });
    span.within(done);
  });
  app.addHook('onResponse', async (request, reply) => {
    const span = spans.get(request);
    span?.set({ 'http.response.status_code': reply.statusCode });
    span?.end(reply.statusCode >= 500);
  });
}
