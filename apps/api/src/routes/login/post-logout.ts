import { sessionCookie } from '../../access/session.js';
import type { App } from '../../api-context.js';

/** Ends the browser's session. Sessions are stateless: a copied cookie is good until it expires or the key changes. */
export function postLogout(app: App): void {
  app.post('/logout', { config: { access: 'viewer' }, schema: { hide: true } }, async (_request, reply) => {
    reply.clearCookie(sessionCookie, { path: '/', httpOnly: true, sameSite: 'strict' });
    return reply.redirect('/login', 303);
  });
}
