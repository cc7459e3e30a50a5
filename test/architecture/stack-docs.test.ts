import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const read = (name: string) => readFile(new URL(`../../${name}`, import.meta.url), 'utf8');

test('docs/stack.md gives a reason for every dependency, in the version that is installed, and for no other', async () => {
  const workspace = await read('pnpm-workspace.yaml');
  const catalog = /^catalog:\n((?: {2}.+\n)+)/m.exec(workspace)?.[1] ?? '';
  const pinned = [...catalog.matchAll(/^ {2}"?([^":]+)"?: (.+)$/gm)].map(([, name, version]) => `${name} ${version}`);
  const { devDependencies, packageManager } = JSON.parse(await read('package.json')) as {
    devDependencies: Record<string, string>;
    packageManager: string;
  };
  const tools = Object.entries(devDependencies)
    .filter(([, version]) => /^\d/.test(version))
    .map(([name, version]) => `${name} ${version}`);

  const page = await read('docs/stack.md');
  const documented = [...page.matchAll(/^\| `(.+?)` \| (\S+) \| .+ \|$/gm)].map(
    ([, name, version]) => `${name} ${version}`,
  );
  expect(documented.sort()).toEqual([...pinned, ...tools, packageManager.replace('@', ' ')].sort());
});
