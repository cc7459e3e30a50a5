import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import files from '@fastify/static';
import type { FastifyReply } from 'fastify';
import { dashboardPath } from '../access/local-path.js';
import { declareAccess } from '../access/role.js';
import type { App } from '../api-context.js';
import { dashboardPolicy, declareHeaders } from '../security-headers.js';

/** What lies beside the page: its icon and the like. Pages of the dashboard have no dot in their names. */
const besidePage = /^[\w-]+\.(ico|js|png|svg|txt|webmanifest)$/;

/**
 * The built dashboard: its assets, whose names change with what is in them, and its page for every other path, because
 * the page finds its way by itself. Open to everybody: none of it holds any data.
 */
export async function serveDashboard(app: App, folder: string): Promise<void> {
  await app.register(async (scope: App) => {
    declareAccess(scope, 'public');
    declareHeaders(scope, dashboardPolicy);
    await scope.register(files, {
      ...{ root: join(folder, 'assets'), prefix: `${dashboardPath}assets/`, index: false, dotfiles: 'ignore' },
      ...{ preCompressed: true, immutable: true, maxAge: '365d' },
    });

    const page = async (reply: FastifyReply) => {
      const html = await readFile(join(folder, 'index.html'), 'utf8');
      return reply.type('text/html; charset=utf-8').send(html);
    };
    const hidden = { schema: { hide: true } };
    scope.get('/app', hidden, async (_request, reply) => reply.redirect(dashboardPath, 302));
    scope.get(dashboardPath, hidden, async (_request, reply) => page(reply));
    scope.get<{ Params: { '*': string } }>(`${dashboardPath}*`, hidden, async (request, reply) => {
      const name = request.params['*'];
      if (!besidePage.test(name)) return page(reply);
      return reply.sendFile(name, folder, { immutable: false, maxAge: '1h' });
    });
  });
}
