// The beginning of a bundled app: runs the script beside this file, by the code that V8 made of it the last time. Reading and
// compiling some megabytes is half of what a start costs. (Node has this built in from 22.1 on, for what it loads itself.)
//
// scripts/bundle.mjs puts this in front of each bundle, as dist/bundle.js, and says by `script` what it is called.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, Script } from 'node:vm';

// Its name has a digest in it: V8 only compares lengths, and would run yesterday's code.
const script = 'SCRIPT';

const file = fileURLToPath(new URL(script, import.meta.url));
const cache = `${file}.${process.version}-${process.arch}`;
const compiled = new Script(
  `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`,
  { filename: file, cachedData: made(), importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER },
);
// At the end, when it is known which functions are called at all.
if (compiled.cachedDataRejected !== false) process.once('exit', keep);
const require = createRequire(file);
const module = new Module(file);
module.filename = file;
// What is loaded later asks for it by its name, and would run all of it once more.
require.cache[file] = module;
compiled.runInThisContext()(module.exports, require, module, file, dirname(file));
module.loaded = true;

function made() {
  try {
    return readFileSync(cache);
  } catch {
    return undefined;
  }
}

/** Where the folder may not be written the next start costs what this one did. */
function keep() {
  try {
    const own = `${cache}.${process.pid}`;
    writeFileSync(own, compiled.createCachedData());
    renameSync(own, cache);
  } catch {}
}
