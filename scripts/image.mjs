// Lays out what the container image holds: bundles of the compiled apps, the files that their code looks for beside itself,
// and of node_modules only what the bundles still import. No tests, no sources, no tools, nothing for development.
//
//   node scripts/image.mjs /image
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apps, bundleApp, bundleFiles } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What the code opens by a path from where it was written: SQL, Lua, and the programs' beginning. */
const files = [
  'migrations',
  'packages/http/lua',
  'packages/queue/lua',
  'apps/dashboard/dist',
  'scripts/commands.mjs',
  'scripts/container.mjs',
  'scripts/probe.mjs',
  'LICENSE',
];
/** Packages that no import names: of these the pages are served, and none of their code runs. */
const served = { api: ['@bull-board/ui'] };

const target = process.argv[2];
if (target === undefined) throw new Error('Where to? node scripts/image.mjs FOLDER');
for (const file of files) copy(file);
for (const app of apps) {
  const packages = await bundleApp(app);
  // Without an environment it ends at once, and leaves what V8 has made of it: in a container nothing can be written.
  spawnSync(process.execPath, [`${root}apps/${app}/dist/bundle.js`], { env: {} });
  for (const file of bundleFiles(app)) copy(`apps/${app}/dist/${file}`);
  for (const name of packages) link(app, name, keep);
  for (const name of served[app] ?? []) link(app, name, copy);
}
// So that Node reads the bundles as the modules that they are.
copy('package.json');

/** Puts a package of an app under node_modules of the image, where `put` has brought it as pnpm had laid it out here. */
function link(app, name, put) {
  const at = join(target, 'node_modules', name);
  if (existsSync(at)) return;
  const real = relative(root, realpathSync(`${root}apps/${app}/node_modules/${name}`));
  put(real, name);
  mkdirSync(dirname(at), { recursive: true });
  symlinkSync(relative(dirname(at), join(target, real)), at);
}

/** Copies a package of pnpm's store, with the links to what it depends on beside it, and those packages as well. */
function keep(real, name) {
  if (existsSync(join(target, real))) return;
  copy(real);
  const neighbours = real.slice(0, -name.length);
  for (const needed of dependenciesOf(real)) {
    const path = neighbours + needed;
    // An optional one that is not for this machine.
    if (!existsSync(root + path)) continue;
    copy(path);
    keep(relative(root, realpathSync(root + path)), needed);
  }
}

function dependenciesOf(path) {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
    readFileSync(join(root, path, 'package.json'), 'utf8'),
  );
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta?.[name]?.optional);
  return new Set([...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]);
}

function copy(path) {
  // Maps are for those who read the sources, which are not there either.
  const filter = (from) => !from.endsWith('.map');
  cpSync(root + path, join(target, path), { recursive: true, verbatimSymlinks: true, filter });
}
