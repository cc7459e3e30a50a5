import { z } from 'zod';
import { localPath } from '../../access/local-path.js';
import { type Sessions, sessionCookie } from '../../access/session.js';
import type { App } from '../../api-context.js';
import { loginPage, signedInPage } from './login-page.js';

export function getLogin(app: App, sessions: Sessions): void {
  app.get(
    '/login',
    {
      config: { access: 'public' },
      schema: { hide: true, querystring: z.object({ next: z.string().optional().catch(undefined) }) },
    },
    async (request, reply) => {
      const signedIn = sessions.isValid(request.cookies[sessionCookie], new Date());
      reply.type('text/html; charset=utf-8');
      return signedIn && request.query.next === undefined ? signedInPage() : loginPage(localPath(request.query.next));
    },
  );
}
