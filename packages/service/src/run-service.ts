import { randomUUID } from 'node:crypto';
import { type Environment, EnvironmentError, parseEnvironment, type variables } from '@syncline/config';
import type { Connector } from '@syncline/connector-kit';
import { logTrouble } from '@syncline/engine';
import type { Logger } from 'pino';
import { createLog } from './create-log.js';
import { exitCodes, StartError } from './start-error.js';
import { traceProcess } from './trace-process.js';

/** Time for what is under way, before the process ends in any case. */
const shutdownMs = 10_000;

/** Of these, for spans that are still held. A collector that is away must not cost a clean end. */
const lastSpansMs = 1_500;

/** Something that runs until it is told to stop. */
interface Running {
  /** Where it can be reached, if it can. */
  readonly url?: string;
  stop(): Promise<void>;
}

export interface ServiceOptions<Required extends keyof typeof variables> {
  readonly name: string;
  readonly required: readonly Required[];
  readonly connectors: readonly Connector[];
  readonly start: (environment: Environment<Required>, bootId: string, log: Logger) => Promise<Running>;
}

/**
 * What every process of ours does: reads the environment, starts, says that it is ready, and stops within ten seconds
 * when told to (SIGTERM, SIGINT) or when the process that forked it is gone. Ends with 0 after a stop, with 2 and a
 * sentence when an operator has to change something, with 4 and a sentence when the database is of a newer release that it
 * cannot work with, with 1 and a stack when it is a bug.
 */
export function runService<Required extends keyof typeof variables>(options: ServiceOptions<Required>): void {
  serve(options).catch((error: unknown) => {
    const expected = error instanceof EnvironmentError || error instanceof StartError;
    const bug = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${expected ? error.message : bug}\n`, () => process.exit(exitCodeOf(error)));
  });
}

function exitCodeOf(error: unknown): number {
  if (error instanceof StartError) return error.exitCode;
  return error instanceof EnvironmentError ? exitCodes.needsSomebody : 1;
}

async function serve<Required extends keyof typeof variables>(options: ServiceOptions<Required>): Promise<void> {
  const vendorVariables = Object.assign(
    {},
    ...options.connectors.map(({ environment }) => environment?.variables ?? {}),
  );
  const environment = parseEnvironment(process.env, vendorVariables, options.required);
  const bootId = randomUUID();
  // Before the log, which names traces, and all else: nothing looks for tracing again once it is open.
  let onTracingError: ((error: Error) => void) | undefined;
  const tracing = await traceProcess(environment, options.name, bootId, (error) => onTracingError?.(error));
  const log = createLog(options.name, environment.LOG_LEVEL, bootId);
  onTracingError = logTrouble(log, 'opentelemetry');

  let running: Running | undefined;
  let stopping = false;
  const stop = async (reason: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ event: 'process.stopping', reason }, 'stopping');
    setTimeout(() => process.exit(1), shutdownMs).unref();
    await running?.stop();
    await tracing?.stop(lastSpansMs);
    process.exit(0);
  };
  // Before the start, which may wait for Postgres for a while.
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  // Forked by `npm start`: the channel ends when that process does, however it ends.
  process.on('disconnect', () => void stop('parent gone'));

  running = await options.start(environment, bootId, log);
  log.info({ event: 'process.ready', url: running.url }, 'ready');
  process.send?.({ type: 'ready', url: running.url });
}
