import { dashboardPath } from '../access/local-path.js';
import type { ApiContext, App } from '../api-context.js';

/** Somebody who typed only the host wants to see something. */
export function getRoot(app: App, { dashboardFolder }: Pick<ApiContext, 'dashboardFolder'>): void {
  // The dashboard asks strangers in by itself.
  const [access, target] =
    dashboardFolder === undefined ? (['viewer', '/docs'] as const) : (['public', dashboardPath] as const);
  app.get('/', { config: { access }, schema: { hide: true } }, async (_request, reply) => reply.redirect(target, 302));
}
