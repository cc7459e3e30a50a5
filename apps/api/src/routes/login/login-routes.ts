import formbody from '@fastify/formbody';
import type { Sessions } from '../../access/session.js';
import type { App } from '../../api-context.js';
import { getLogin } from './get-login.js';
import { postLogin } from './post-login.js';
import { postLogout } from './post-logout.js';

/** In a scope of their own: only here are forms understood, which other sites' pages can send as well. */
export async function loginRoutes(
  app: App,
  options: { readonly adminKey: string; readonly sessions: Sessions },
): Promise<void> {
  await app.register(formbody);
  getLogin(app, options.sessions);
  postLogin(app, options.adminKey, options.sessions);
  postLogout(app);
}
