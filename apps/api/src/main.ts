import { randomUUID } from 'node:crypto';
import { EnvironmentError, parseEnvironment } from '@syncline/config';
import { connectors } from '@syncline/connectors';
import { createLog } from './log.js';
import { startApi } from './start-api.js';
import { StartError } from './startup/start-error.js';

/** Time for requests under way, before the process ends in any case. */
const shutdownMs = 10_000;

const vendorVariables = Object.assign({}, ...connectors.map((connector) => connector.environment?.variables ?? {}));

async function main(): Promise<void> {
  const environment = parseEnvironment(process.env, vendorVariables, [
    'DATABASE_URL',
    'REDIS_URL',
    'SYNCLINE_ADMIN_KEY',
    'SYNCLINE_ENCRYPTION_KEY',
  ]);
  const bootId = randomUUID();
  const log = createLog(environment.LOG_LEVEL, bootId);

  let api: Awaited<ReturnType<typeof startApi>> | undefined;
  let stopping = false;
  const stop = async (reason: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ reason }, 'API stops');
    setTimeout(() => process.exit(1), shutdownMs).unref();
    await api?.stop();
    process.exit(0);
  };
  // Before the start, which may wait for Postgres for a while.
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  // Started by `npm start`: the channel ends when that process dies, however it dies.
  process.on('disconnect', () => void stop('parent gone'));

  api = await startApi(environment, connectors, bootId, log);
  log.info({ url: api.url }, 'API ready');
  process.send?.({ type: 'ready', url: api.url });
}

main().catch((error: unknown) => {
  const expected = error instanceof EnvironmentError || error instanceof StartError;
  const text = expected || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message);
  process.stderr.write(`${text}\n`, () => process.exit(expected ? 2 : 1));
});

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
