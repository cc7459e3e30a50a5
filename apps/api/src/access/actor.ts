import type { Actor } from '@syncline/store';
import type { FastifyRequest } from 'fastify';

/**
 * Who did something, for the history and the audit log, and from where. The address is the connection's; what a header
 * says of another one is believed where Fastify is told to trust the proxy, and nowhere else.
 */
export function actorOf(request: FastifyRequest): Actor {
  return { actor: request.caller?.name ?? 'nobody', address: request.ip };
}
