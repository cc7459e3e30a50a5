import { secretCheck } from '@syncline/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { createFailureThrottle } from '../../access/failure-throttle.js';
import { localPath } from '../../access/local-path.js';
import { requestOrigin } from '../../access/same-origin.js';
import { type Sessions, sessionCookie, sessionSeconds } from '../../access/session.js';
import type { App } from '../../api-context.js';
import { loginPage } from './login-page.js';

const form = z.object({ key: z.string().catch(''), next: z.string().optional().catch(undefined) });

/** Trades the admin key for a session cookie. */
export function postLogin(app: App, adminKey: string, sessions: Sessions): void {
  const isAdminKey = secretCheck(adminKey);
  const throttle = createFailureThrottle();
  app.post('/login', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    const { key, next } = form.parse(request.body ?? {});
    const target = localPath(next);
    const again = (status: number, problem: string) =>
      reply.code(status).type('text/html; charset=utf-8').send(loginPage(target, problem));

    // Another site could not get in like this, but use up the visitor's attempts.
    if (requestOrigin(request.headers) === 'other') return again(403, 'Sign in from this page.');
    if (throttle.isBlocked(request.ip, Date.now())) {
      reply.header('retry-after', '60');
      return again(429, 'Too many attempts. Wait a minute, then try again.');
    }
    if (!isAdminKey(key.trim())) {
      throttle.noteFailure(request.ip, Date.now());
      request.log.warn({ event: 'login.refused', ip: request.ip }, 'sign-in refused');
      reply.header('www-authenticate', 'Bearer');
      return again(401, 'That is not the admin key.');
    }
    setSession(request, reply, sessions.issue(new Date()));
    return reply.redirect(target, 303);
  });
}

function setSession(request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.setCookie(sessionCookie, token, {
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    maxAge: sessionSeconds,
    secure: isHttps(request),
  });
}

/** Whether the browser speaks https, here or to a proxy before us. Who lies about it only makes his own cookie stricter. */
function isHttps(request: FastifyRequest): boolean {
  return request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
}
