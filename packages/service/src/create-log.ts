import { type DestinationStream, type Logger, pino } from 'pino';

const secretHeaders = ['["authorization"]', '["cookie"]', '["set-cookie"]'];

/** Where secrets travel. ioredis puts the refused command, a password in AUTH included, into its errors. */
const secretPaths = [
  ...['headers', 'req.headers', 'res.headers'].flatMap((place) => secretHeaders.map((header) => `${place}${header}`)),
  ...['err.command.args', 'err.aggregateErrors[*].command.args', 'err.cause.command.args'],
];

/** A process' log: JSON lines, on standard output unless told otherwise, without secrets. */
export function createLog(service: string, level: string, bootId: string, destination?: DestinationStream): Logger {
  const options = { level, base: { service, bootId }, redact: { paths: secretPaths, censor: '[redacted]' } };
  return destination === undefined ? pino(options) : pino(options, destination);
}
