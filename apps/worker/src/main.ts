import { randomUUID } from 'node:crypto';
import { EnvironmentError, parseEnvironment } from '@syncline/config';
import { connectors } from '@syncline/connectors';
import { pino } from 'pino';
import { startWorker } from './start-worker.js';

/** Time for running pages to end and for jobs to be handed back, before the process ends in any case. */
const shutdownMs = 10_000;

const vendorVariables = Object.assign({}, ...connectors.map((connector) => connector.environment?.variables ?? {}));

async function main(): Promise<void> {
  const environment = parseEnvironment(process.env, vendorVariables, [
    'DATABASE_URL',
    'REDIS_URL',
    'SYNCLINE_ENCRYPTION_KEY',
  ]);
  const bootId = randomUUID();
  const log = pino({
    level: environment.LOG_LEVEL,
    base: { service: 'worker', bootId },
    // ioredis' errors carry the command that failed, with its arguments: after a refused AUTH that is the password.
    redact: { paths: ['err.command', '*.err.command'], remove: true },
  });
  const worker = await startWorker(environment, connectors, bootId, log);
  log.info('worker ready');
  process.send?.({ type: 'ready' });

  let stopping = false;
  const stop = async (reason: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ reason }, 'worker stops: pages at hand are finished, jobs are handed back');
    setTimeout(() => process.exit(1), shutdownMs).unref();
    await worker.stop();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  // Started by `npm start`: the channel ends when that process dies, however it dies.
  process.on('disconnect', () => void stop('parent gone'));
}

main().catch((error: unknown) => {
  const expected = error instanceof EnvironmentError;
  process.stderr.write(`${expected || !(error instanceof Error) ? `${error}` : (error.stack ?? error.message)}\n`);
  process.exit(expected ? 2 : 1);
});
