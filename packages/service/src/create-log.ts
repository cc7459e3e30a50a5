import { type DestinationStream, type Logger, pino } from 'pino';

const secretHeaders = ['["authorization"]', '["cookie"]', '["set-cookie"]'];

/** Where secrets travel. ioredis puts the refused command, a password in AUTH included, into its errors. */
const secretPaths = [
  ...['headers', 'req.headers', 'res.headers'].flatMap((place) => secretHeaders.map((header) => `${place}${header}`)),
  ...['err.command.args', 'err.aggregateErrors[*].command.args', 'err.cause.command.args'],
];

/** A process' log: JSON lines, on standard output unless told otherwise, without secrets. */
export function createLog(
  service: string,
  level: string,
  bootId: string,
  destination: DestinationStream = standardOutput(),
): Logger {
  const options = { level, base: { service, bootId }, redact: { paths: secretPaths, censor: '[redacted]' } };
  return pino(options, destination);
}

/**
 * Node's own stream and not pino's: when whoever read our output is gone, pino's tries to write its rest at the exit
 * again and again, and the process never ends. Here what nobody can read is lost, and that is all.
 */
function standardOutput(): DestinationStream {
  if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', () => undefined);
  return process.stdout;
}
