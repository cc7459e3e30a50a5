import { escapeHtml, htmlPage } from '../../html.js';

/** The form. `problem` is why the last attempt did not work. */
export function loginPage(next: string, problem?: string): string {
  const alert = problem === undefined ? '' : `<p class="problem" id="problem" role="alert">${escapeHtml(problem)}</p>`;
  const invalid = problem === undefined ? '' : ' aria-invalid="true" aria-describedby="problem"';
  return htmlPage(
    'Sign in',
    `<p>With the admin key (SYNCLINE_ADMIN_KEY). <code>npm start</code> prints it.</p>
${alert}
<form method="post" action="/login">
<input type="hidden" name="next" value="${escapeHtml(next)}">
<input type="text" name="username" value="admin" autocomplete="username" hidden>
<label for="key">Admin key</label>
<input id="key" name="key" type="password" autocomplete="current-password" required autofocus spellcheck="false"${invalid}>
<button type="submit">Sign in</button>
</form>`,
  );
}

/** What somebody with a session sees instead. */
export function signedInPage(): string {
  return htmlPage(
    'You are signed in',
    `<ul>
<li><a href="/admin/queues">Queues (Bull Board)</a></li>
<li><a href="/docs">API reference</a></li>
</ul>
<form method="post" action="/logout"><button type="submit">Sign out</button></form>`,
  );
}
