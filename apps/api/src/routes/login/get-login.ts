import { z } from 'zod';
import { dashboardPath, localPath, startPage } from '../../access/local-path.js';
import { sessionCookie } from '../../access/session.js';
import type { App } from '../../api-context.js';
import type { LoginForm } from './login-form.js';
import { loginPage, signedInPage } from './login-page.js';

/** Leads to the dashboard's page for signing in; where there is no dashboard it is a form by itself. */
export function getLogin(app: App, { ctx, sessions }: LoginForm): void {
  const start = startPage(ctx);
  app.get(
    '/login',
    {
      config: { access: 'public' },
      schema: { hide: true, querystring: z.object({ next: z.string().optional().catch(undefined) }) },
    },
    async (request, reply) => {
      const { next } = request.query;
      if (ctx.dashboardFolder !== undefined) {
        const onwards = next === undefined ? '' : `?next=${encodeURIComponent(localPath(next, start))}`;
        return reply.redirect(`${dashboardPath}sign-in${onwards}`, 302);
      }
      const session = sessions.read(request.cookies[sessionCookie], new Date());
      reply.type('text/html; charset=utf-8');
      return typeof session?.holder === 'string' && next === undefined
        ? signedInPage()
        : loginPage(localPath(next, start));
    },
  );
}
