// A part of Vitest's global setup: what tests start as processes is what was built last, also where only `tsc -b` was run.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apps, bundleApp } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Bundles the apps whose bundle is older than anything that has been compiled, and the page if it is older than its sources. */
export async function setup() {
  const compiled = Math.max(
    ...['packages', 'apps'].flatMap((folder) =>
      readdirSync(root + folder).map((name) => newest(join(root, folder, name, 'dist'))),
    ),
  );
  const stale = apps.filter((app) => writtenAt(`${root}apps/${app}/dist/bundle.js`) < compiled);
  await Promise.all(stale.map(bundleApp));
  buildPage();
}

function buildPage() {
  const folder = `${root}apps/dashboard`;
  const sources = [`${folder}/src`, `${folder}/public`, `${root}packages/client/dist`].flatMap((from) =>
    readdirSync(from, { recursive: true }).map((name) => writtenAt(join(from, name))),
  );
  if (writtenAt(`${folder}/dist/index.html`) >= Math.max(...sources)) return;
  // Vitest sets it to `test`, and React would come with all that it has for developers.
  const env = { ...process.env, NODE_ENV: 'production' };
  execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'], {
    cwd: folder,
    env,
  });
}

/** When the newest compiled module below a folder was written, ms. */
function newest(folder) {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder, { recursive: true }).filter(
    (name) => name.endsWith('.js') && !name.startsWith('bundle'),
  );
  return Math.max(0, ...files.map((name) => writtenAt(join(folder, name))));
}

function writtenAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
