import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Session, sessionCookie } from './session.js';

const attributes = { path: '/', httpOnly: true, sameSite: 'strict' } as const;

/** Gives the browser a session, for as long as it is good. No script can read it, and no other site makes it be sent. */
export function giveSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { token, expiresAt }: Session & { readonly token: string },
): void {
  const maxAge = Math.max(0, Math.ceil((expiresAt.getTime() - Date.now()) / 1000));
  reply.setCookie(sessionCookie, token, { ...attributes, maxAge, secure: isHttps(request) });
}

/** Sessions are stateless: a copied cookie is good until it expires, its API key ends or the platform key changes. */
export function takeSession(reply: FastifyReply): void {
  reply.clearCookie(sessionCookie, attributes);
}

/** Whether the browser speaks https, here or to a proxy before us. Who lies about it only makes his own cookie stricter. */
function isHttps(request: FastifyRequest): boolean {
  // Several proxies make a list, of which the first is the browser's.
  const [browsers] = String(request.headers['x-forwarded-proto']).split(',');
  return request.protocol === 'https' || browsers?.trim() === 'https';
}
