import formbody from '@fastify/formbody';
import type { FailureThrottle } from '../../access/failure-throttle.js';
import type { Sessions } from '../../access/session.js';
import type { ApiContext, App } from '../../api-context.js';
import { getLogin } from './get-login.js';
import { postLogin } from './post-login.js';
import { postLogout } from './post-logout.js';

/** The form for browsers without scripts, and what it needs. */
export interface LoginForm {
  readonly ctx: Pick<ApiContext, 'adminKey' | 'dashboardFolder'>;
  readonly sessions: Sessions;
  readonly throttle: FailureThrottle;
}

/** In a scope of their own: only here are forms understood, which other sites' pages can send as well. */
export async function loginRoutes(app: App, form: LoginForm): Promise<void> {
  await app.register(formbody);
  getLogin(app, form);
  postLogin(app, form);
  postLogout(app);
}
