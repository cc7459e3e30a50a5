import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedError } from './embedded-error.js';
import { keeperEnv } from './keeper-env.js';
import { KeeperHandle } from './keeper-handle.js';
import type { EmbeddedOptions, EmbeddedServices } from './options.js';
import { emptyWhenBig } from './process/service-log.js';

/**
 * Brings a Postgres and a Redis of our own, as asked for, and resolves once both answer. They run
 * below a keeper process, which stops them when `stop` is called and when this process ends, even
 * if it is killed. The services do not keep this process alive.
 *
 * Throws an EmbeddedError, whose `hint` says what to do, when a service cannot be had here or
 * another Syncline uses the same home.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServices> {
  // A caller whose services are all elsewhere need not ask first.
  if (!options.postgres && !options.redis) return { stop: async () => {} };
  if (process.platform === 'win32') {
    throw new EmbeddedError(
      'Syncline cannot bring its own Postgres and Redis on Windows.',
      'Run it in WSL, or set DATABASE_URL and REDIS_URL.',
    );
  }
  const home = openHome(resolve(options.home));
  const runId = randomBytes(6).toString('hex');
  const handle = new KeeperHandle(await forkKeeper(home, runId), { home, runId }, options);
  return handle.start({
    type: 'start',
    home,
    postgres: options.postgres,
    redis: options.redis,
    ephemeral: options.ephemeral ?? false,
  });
}

function openHome(home: string): string {
  try {
    mkdirSync(join(home, 'logs'), { recursive: true });
    accessSync(home, constants.W_OK);
    return realpathSync(home);
  } catch (error) {
    throw new EmbeddedError(
      `The folder ${home} cannot be written: ${(error as Error).message}`,
      'Set SYNCLINE_HOME to a folder of yours, or set DATABASE_URL and REDIS_URL.',
      { cause: error },
    );
  }
}

async function forkKeeper(home: string, runId: string): Promise<ChildProcess> {
  const logFile = join(home, 'logs', 'keeper.log');
  await emptyWhenBig(logFile);
  const log = openSync(logFile, 'a', 0o600);
  try {
    return fork(keeperFile(), [home, runId], {
      cwd: '/',
      env: keeperEnv(process.env),
      execArgv: [],
      // A session of its own: Ctrl-C in a terminal must not stop the services under the caller's feet.
      detached: true,
      // A file, as writing into a pipe to a dead parent would kill the keeper in its most important moment.
      stdio: ['ignore', log, log, 'ipc'],
    });
  } finally {
    closeSync(log);
  }
}

/** The compiled keeper, whether this file runs compiled or, in tests, from its source. */
function keeperFile(): string {
  const beside = fileURLToPath(new URL('./keeper.js', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../dist/keeper.js', import.meta.url));
}
