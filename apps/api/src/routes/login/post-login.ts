import { secretCheck } from '@syncline/service';
import { z } from 'zod';
import { localPath, startPage } from '../../access/local-path.js';
import { requestOrigin } from '../../access/same-origin.js';
import { giveSession } from '../../access/session-cookie.js';
import type { App } from '../../api-context.js';
import type { LoginForm } from './login-form.js';
import { loginPage } from './login-page.js';

const form = z.object({ key: z.string().catch(''), next: z.string().optional().catch(undefined) });

/** Trades the admin key for a session cookie. */
export function postLogin(app: App, { ctx, sessions, throttle }: LoginForm): void {
  const isAdminKey = secretCheck(ctx.adminKey);
  const start = startPage(ctx);
  app.post('/login', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    const { key, next } = form.parse(request.body ?? {});
    const target = localPath(next, start);
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
    giveSession(request, reply, sessions.issue('platform', new Date()));
    return reply.redirect(target, 303);
  });
}
