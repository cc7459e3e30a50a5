import formbody from '@fastify/formbody';
import type { App } from '../../api-context.js';
import { getLogin } from './get-login.js';
import type { LoginForm } from './login-form.js';
import { postLogin } from './post-login.js';
import { postLogout } from './post-logout.js';

/** In a scope of their own: only here are forms understood, which other sites' pages can send as well. */
export async function loginRoutes(app: App, form: LoginForm): Promise<void> {
  await app.register(formbody);
  getLogin(app, form);
  postLogin(app, form);
  postLogout(app);
}
