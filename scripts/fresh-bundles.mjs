// A part of Vitest's global setup: what tests start as processes is what was built last, also where only `tsc -b` was run.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apps, bundleApp } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Bundles the apps whose bundle is older than anything that has been compiled. */
export async function setup() {
  const compiled = Math.max(
    ...['packages', 'apps'].flatMap((folder) =>
      readdirSync(root + folder).map((name) => newest(join(root, folder, name, 'dist'))),
    ),
  );
  const stale = apps.filter((app) => writtenAt(`${root}apps/${app}/dist/bundle.js`) < compiled);
  await Promise.all(stale.map(bundleApp));
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
