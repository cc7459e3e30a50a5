// What `npm start`, `npm test` and the other scripts run: sees to it that dependencies are installed and the code is
// built, says so, and hands over. Needs nothing but Node and npm; the second time it only looks whether anything changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { commands, programOf } from './commands.mjs';

const pnpmVersion = '12.21.0';
const oldestNode = [20, 20];
const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

/** The environment of tools: they need not tell anyone about us, nor ask for updates. */
const calm = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', NO_UPDATE_NOTIFIER: '1' };

const [command, ...rest] = process.argv.slice(2);
const node = (script, ...args) => run(process.execPath, [script, ...args, ...rest], { stdio: 'inherit' });

requireNode();
build(install());
if (existsSync('.env') && !command?.startsWith('test')) process.loadEnvFile('.env');

const program = programOf(command, rest);
switch (program ? 'program' : command) {
  case 'program':
    await enter(program.script, program.args);
    break;
  case 'test':
    node('node_modules/vitest/vitest.mjs', 'run');
    break;
  case 'test:soak':
    node('node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.soak.config.ts');
    break;
  case 'test:docker':
    if (dockerAnswers()) node('node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.docker.config.ts');
    else
      say(
        'test:docker is skipped: there is no Docker engine here, or no compose (`docker info`, `docker compose version`)',
      );
    break;
  case 'bench':
    node('bench/dist/main.js');
    break;
  case 'build':
    break;
  default:
    fail(`Unknown command ${command}. Known: ${commands.join(', ')}, test, test:soak, test:docker, bench, build.`);
}

/**
 * Goes on in this very process, so that signals and exit codes are the program's own. (For the same reason the scripts
 * of package.json begin with `exec`: npm's shell would take the signals and pass none on.) If npm itself is killed, the
 * program is told to stop: it would be nobody's.
 */
async function enter(script, args) {
  const npm = process.env.npm_lifecycle_event === undefined ? undefined : process.ppid;
  if (npm !== undefined) {
    setInterval(() => process.ppid !== npm && process.kill(process.pid, 'SIGTERM'), 1_000).unref();
  }
  process.argv = [process.execPath, script, ...args];
  await import(pathToFileURL(script).href);
}

function dockerAnswers() {
  return ['info', 'compose version'].every(
    (asked) => spawnSync('docker', asked.split(' '), { timeout: 30_000 }).status === 0,
  );
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  fail(`Syncline needs Node ${oldestNode.join('.')} or later; this is ${process.versions.node}.`);
}

/**
 * Installs when the lock file differs from the one that was installed. Returns the folder of the pnpm that npx brought:
 * turbo looks for it on PATH, and asking npx for it each time would take longer than the build.
 */
function install() {
  const stamp = 'node_modules/.syncline-installed';
  const wanted = createHash('sha256')
    .update(readFileSync('pnpm-lock.yaml'))
    .update(readFileSync('pnpm-workspace.yaml'));
  const digest = wanted.update(process.version).digest('hex');
  const [installed, known = ''] = existsSync(stamp) ? readFileSync(stamp, 'utf8').split('\n') : [];
  if (installed === digest && existsSync(known)) return dirname(known);

  say('Installing dependencies (once; pnpm comes through npx)');
  const npx = (...args) => ['--yes', `--package=pnpm@${pnpmVersion}`, '--', ...args];
  const options = { stdio: ['ignore', 'inherit', 'inherit'], env: calm };
  const installing = npx('pnpm', 'install', '--frozen-lockfile', '--config.confirm-modules-purge=false');
  if (spawnSync('npx', installing, options).status !== 0) fail('The installation failed; the lines above say why.');
  const where = spawnSync('npx', npx('sh', '-c', 'command -v pnpm'), { encoding: 'utf8', env: calm });
  const pnpm = where.stdout.trim();
  writeFileSync(stamp, `${digest}\n${pnpm}`);
  return dirname(pnpm);
}

/** Builds what changed. turbo knows by content, so this is short when nothing did. */
function build(pnpmFolder) {
  if (!existsSync('apps/cli/dist/bundle.js')) say('Building');
  const env = { ...calm, PATH: `${pnpmFolder}${delimiter}${process.env.PATH}` };
  run('node_modules/.bin/turbo', ['run', 'build', '--output-logs=errors-only'], { env });
}

/** Runs a program to its end; when it fails, shows what it printed and ends with its code. */
function run(program, args, options) {
  const { status, signal, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', ...options });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
}

function say(line) {
  process.stderr.write(`syncline: ${line}\n`);
}

function fail(line) {
  process.stderr.write(`syncline: ${line}\n`);
  process.exit(1);
}
