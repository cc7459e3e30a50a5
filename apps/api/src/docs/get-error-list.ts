import { catalogue } from '@syncline/connector-kit';
import type { App } from '../api-context.js';
import { escapeHtml, htmlPage } from '../html.js';

/** Where the `type` of a problem leads: each code with what to do about it. */
export function getErrorList(app: App): void {
  const rows = Object.entries(catalogue).map(
    ([code, { status, title, hint }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td>` +
      `<td>${escapeHtml(title)}. ${escapeHtml(hint)}</td></tr>`,
  );
  const head =
    '<tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">What it means and what to do</th></tr>';
  const page = htmlPage(
    'Error codes',
    `<table><thead>${head}</thead><tbody>${rows.join('\n')}</tbody></table>`,
    'wide',
  );
  app.get('/docs/errors', { config: { access: 'viewer' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(page),
  );
}
