import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

test.each(pages)('%s leads nowhere that does not exist', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const links = [...text.matchAll(/\]\(([^)#\s]+)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^https?:/.test(target))
    .map((target) => join(dirname(page), target));
  // Code is named by its path from the root; within a package's own story, from `packages`.
  const named = [...text.matchAll(/`((?:apps|packages|test|scripts|docs|engine|http|queue|store)\/[\w./-]+)`/g)].map(
    ([, path = '']) => (/^(engine|http|queue|store)\//.test(path) ? `packages/${path}` : path),
  );
  const missing = [...links, ...named].filter((path) => !existsSync(join(root, path)));
  expect(missing).toEqual([]);
});
