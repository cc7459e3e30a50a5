import type { FastifyReply, FastifyRequest } from 'fastify';

const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const sent = 'Authorization, Content-Type, X-Organization-ID, Last-Event-ID';
const shown = 'Retry-After, X-Request-Id, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset';
const preflightSeconds = 600;

/**
 * The hook that lets pages of listed origins call the API with a key or a token. Never with cookies: there is no
 * allow-credentials, so that a browser keeps answers to those to itself. It stands before the door, because browsers ask
 * for leave without a key.
 */
export function allowOrigins(origins: readonly string[]) {
  const listed = new Set(origins);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (listed.size === 0) return undefined;
    // Also where the origin is not listed: a cache must not give one origin's answer to another.
    reply.header('vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || !listed.has(origin)) return undefined;
    reply.header('access-control-allow-origin', origin);
    // Other sites may read what this page sends them; helmet's default would keep it to ourselves.
    reply.header('cross-origin-resource-policy', 'cross-origin');
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      reply.header('access-control-expose-headers', shown);
      return undefined;
    }
    return reply
      .headers({
        'access-control-allow-methods': methods,
        'access-control-allow-headers': sent,
        'access-control-max-age': String(preflightSeconds),
      })
      .code(204)
      .send();
  };
}
