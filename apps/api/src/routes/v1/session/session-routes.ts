import type { ApiContext, App } from '../../../api-context.js';
import { deleteSession } from './delete-session.js';
import { getSession } from './get-session.js';
import { postSession } from './post-session.js';
import { postSessionLocal } from './post-session-local.js';
import type { SignIn } from './sign-in.js';

/** Who asks, and signing browsers in and out. */
export function sessionRoutes(app: App, ctx: ApiContext, door: SignIn): void {
  getSession(app, ctx);
  postSession(app, ctx, door);
  postSessionLocal(app, ctx, door);
  deleteSession(app);
}
