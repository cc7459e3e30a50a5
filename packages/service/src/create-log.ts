import { loggedError, secretPaths } from '@syncline/engine';
import { currentTraceId, isTracing } from '@syncline/tracing';
import { type DestinationStream, type Logger, pino } from 'pino';

/** A process' log: JSON lines, on standard output unless told otherwise, without secrets. */
export function createLog(
  service: string,
  level: string,
  bootId: string,
  destination: DestinationStream = standardOutput(),
): Logger {
  const options = { level, base: { service, bootId }, redact: { paths: secretPaths, censor: '[redacted]' } };
  const serializers = { err: (error: unknown) => loggedError(error) };
  return pino({ ...options, serializers, ...(isTracing() && { mixin: traceOf }) }, destination);
}

/** Leads from a line to its trace. */
function traceOf(): { traceId?: string } {
  const traceId = currentTraceId();
  return traceId === undefined ? {} : { traceId };
}

/**
 * Node's own stream and not pino's: when whoever read our output is gone, pino's tries to write its rest at the exit
 * again and again, and the process never ends. Here what nobody can read is lost, and that is all.
 */
function standardOutput(): DestinationStream {
  if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', () => undefined);
  return process.stdout;
}
