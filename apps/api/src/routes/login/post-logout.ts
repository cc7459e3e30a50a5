import { takeSession } from '../../access/session-cookie.js';
import type { App } from '../../api-context.js';

/** Ends the browser's session. */
export function postLogout(app: App): void {
  app.post('/logout', { config: { access: 'viewer' }, schema: { hide: true } }, async (_request, reply) => {
    takeSession(reply);
    return reply.redirect('/login', 303);
  });
}
