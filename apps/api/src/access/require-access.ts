import { SyncError } from '@syncline/connector-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from '../problems/send-problem.js';
import { adminKeyCheck, bearerToken } from './admin-key.js';
import { isPublic } from './public-routes.js';
import { requestOrigin } from './same-origin.js';
import { type Sessions, sessionCookie } from './session.js';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
const pagesForBrowsers = /^\/($|admin\/queues($|[/?])|docs($|[/?]))/;

/**
 * The hook that closes the server: lets through whoever brings the admin key or a session's cookie, and nobody else.
 *
 * It answers by itself instead of throwing, because plugins (Bull Board) bring error handlers of their own.
 */
export function requireAccess(organizationId: string, adminKey: string, sessions: Sessions) {
  const isAdminKey = adminKeyCheck(adminKey);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (isPublic(request)) return undefined;
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const token = bearerToken(authorization);
      if (token === undefined || !isAdminKey(token)) return refuse(request, reply);
      request.caller = { name: 'admin key', organizationId };
      return undefined;
    }
    if (!sessions.isValid(request.cookies[sessionCookie], new Date())) return refuse(request, reply);
    request.caller = { name: 'browser session', organizationId };
    // A cookie is sent by the browser without anybody's will; the request itself has to come from our own pages.
    if (safeMethods.has(request.method) || requestOrigin(request.headers) === 'same') return undefined;
    return sendProblem(
      request,
      reply,
      new SyncError('FORBIDDEN', 'With a session cookie, requests that change something have to come from this host'),
    );
  };
}

function refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
  if (wantsPage && pagesForBrowsers.test(request.url)) {
    return reply.redirect(`/login?next=${encodeURIComponent(request.url)}`, 302);
  }
  return sendProblem(request, reply, new SyncError('UNAUTHENTICATED'));
}
