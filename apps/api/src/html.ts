const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as it stands in HTML, in an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

const style = `
  :root { color-scheme: light dark; --ink: #16212b; --soft: #55636f; --paper: #f3f5f7; --card: #fff; --line: #c9d1d8;
    --accent: #0b5f7a; --on-accent: #fff; --bad: #a3231d; --bad-paper: #fdecea; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e6ecf1; --soft: #9fadb9; --paper: #10171d; --card: #18222a;
    --line: #3a4955; --accent: #58b9d6; --on-accent: #06222c; --bad: #ffb4ab; --bad-paper: #43201d; } }
  * { box-sizing: border-box; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--paper);
    color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
  main { width: 100%; max-width: 24rem; padding: 2rem; background: var(--card); border: 1px solid var(--line);
    border-radius: .75rem; }
  main.wide { max-width: 60rem; overflow-x: auto; }
  svg { display: block; margin-bottom: 1rem; color: var(--accent); }
  h1 { margin: 0 0 .25rem; font-size: 1.375rem; }
  p { margin: 0 0 1.25rem; color: var(--soft); }
  label { display: block; margin-bottom: .375rem; font-weight: 600; }
  input { width: 100%; padding: .625rem .75rem; font: inherit; color: inherit; background: var(--paper);
    border: 1px solid var(--line); border-radius: .5rem; }
  input[aria-invalid] { border-color: var(--bad); }
  button { width: 100%; margin-top: 1.25rem; padding: .625rem .75rem; font: inherit; font-weight: 600; cursor: pointer;
    color: var(--on-accent); background: var(--accent); border: 0; border-radius: .5rem; }
  :is(input, button, a):focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  .problem { margin: 0 0 1rem; padding: .625rem .75rem; color: var(--bad); background: var(--bad-paper); border-radius: .5rem; }
  a { color: var(--accent); }
  ul { margin: 0; padding-left: 1.25rem; }
  table { width: 100%; border-collapse: collapse; }
  td, th { padding: .5rem .75rem .5rem 0; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
  tr:target { background: var(--bad-paper); }
  code { font-size: .875em; }
`;

/** Layers that dip towards one line. */
const layers = 'M2 3q18 12 36 0M2 12q18 12 36 0M2 21q18 12 36 0';
const mark = `<svg width="40" height="28" viewBox="0 0 40 28" fill="none" stroke="currentColor" stroke-width="3"
  stroke-linecap="round" aria-hidden="true"><path d="${layers}"/></svg>`;
const icon =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 -6 40 40' fill='none' stroke='%230b5f7a' " +
  `stroke-width='4' stroke-linecap='round'><path d='${layers}'/></svg>`;

/** A page of ours: everything inline, no script. `body` is HTML. */
export function htmlPage(title: string, body: string, width: 'narrow' | 'wide' = 'narrow'): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="${icon}">
<title>${escapeHtml(title)} · Syncline</title>
<style>${style}</style>
</head>
<body>
<main${width === 'wide' ? ' class="wide"' : ''}>
${mark}
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}
