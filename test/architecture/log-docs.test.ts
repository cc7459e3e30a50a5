import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every call of a log in what ships: its level, and its event if it names one first. */
async function loggedEvents(): Promise<{ at: string; level: string; event: string | undefined }[]> {
  const found = [];
  for (const kind of ['packages', 'apps']) {
    for (const name of await readdir(join(root, kind))) {
      const folder = join(root, kind, name, 'src');
      for (const file of await readdir(folder, { recursive: true }).catch(() => [])) {
        if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
        const text = await readFile(join(folder, file), 'utf8');
        for (const call of text.matchAll(
          /\blog\??\.(debug|info|warn|error|fatal)\((?:\s*\{\s*(?:\.\.\.\{\s*)?event: '([\w.]+)')?/g,
        )) {
          const [, level = '', event] = call;
          found.push({ at: join(kind, name, 'src', file), level, event });
        }
      }
    }
  }
  return found;
}

test('every line of the log names its event first, and docs/observability.md lists them all with their levels, and no other', async () => {
  const logged = await loggedEvents();
  expect(logged.length).toBeGreaterThan(80);
  expect(logged.filter(({ event }) => event === undefined).map(({ at }) => at)).toEqual([]);
  const events = new Map<string, Set<string>>();
  for (const { event = '', level } of logged) events.set(event, (events.get(event) ?? new Set()).add(level));
  const order = ['debug', 'info', 'warn', 'error', 'fatal'];
  const wanted = [...events].map(([event, levels]) => `${event}: ${order.filter((one) => levels.has(one)).join(', ')}`);
  const text = await readFile(join(root, 'docs/observability.md'), 'utf8');
  const rows = [
    ...text.slice(text.indexOf('### Events')).matchAll(/^\| `([\w.]+)` \| ((?:debug|info|warn|error|fatal|, )+) \|/gm),
  ];
  expect(rows.map(([, event, levels]) => `${event}: ${levels}`).sort()).toEqual(wanted.sort());
});
