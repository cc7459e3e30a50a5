import type { App } from '../api-context.js';

/** Somebody who typed only the host wants to see something. */
export function getRoot(app: App): void {
  app.get('/', { config: { access: 'viewer' }, schema: { hide: true } }, async (_request, reply) =>
    reply.redirect('/docs', 302),
  );
}
