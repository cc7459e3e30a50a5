const secretHeaders = ['["authorization"]', '["x-api-key"]', '["cookie"]', '["set-cookie"]'];

/**
 * Where secrets travel in what is logged, for a log to strike them out. ioredis puts the refused command, a password in
 * AUTH included, into its errors.
 */
export const secretPaths = [
  ...['headers', 'req.headers', 'res.headers'].flatMap((place) => secretHeaders.map((header) => `${place}${header}`)),
  ...['err.command.args', 'err.aggregateErrors[*].command.args', 'err.cause.command.args'],
];
