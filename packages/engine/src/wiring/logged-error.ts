/** What is told of an error beside its message and stack. Anything else may hold what must not be kept. */
const told = [
  ...[
    'code',
    'errno',
    'syscall',
    'address',
    'port',
    'hostname',
    'status',
    'statusCode',
    'field',
    'details',
    'resumeAt',
  ],
  // Of Postgres: where, and never which values (`detail`, `where`, `internalQuery`).
  ...['severity', 'schema', 'table', 'column', 'constraint', 'dataType', 'routine'],
];

const mostCauses = 5;

/**
 * An error as it stands in a log: what kind, what it says, where it happened, and what caused it. Errors carry what they were
 * about: ioredis' the refused command with its password, Postgres' the row that failed. Of these only what is known to be
 * harmless is told, and of Postgres' messages no values.
 */
export function loggedError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const message = messageOf(error);
  const more = Object.fromEntries(
    told.flatMap((name) => {
      const value = (error as unknown as Record<string, unknown>)[name];
      return value === undefined || value === null || typeof value === 'function' ? [] : [[name, value]];
    }),
  );
  const deeper = depth < mostCauses;
  return {
    type: error.name === 'Error' ? error.constructor.name : error.name,
    message,
    stack: stackOf(error, message),
    ...more,
    ...(deeper && error.cause !== undefined && { cause: causeOf(error.cause, depth) }),
    ...(deeper &&
      error instanceof AggregateError && { errors: error.errors.map((one) => loggedError(one, depth + 1)) }),
  };
}

function causeOf(cause: unknown, depth: number): unknown {
  return cause instanceof Error ? loggedError(cause, depth + 1) : typeof cause;
}

/** JSON.parse quotes what it was given, Postgres quotes values in the messages of classes 22 (data that do not fit) and P0 (raised by functions). */
function messageOf(error: Error & { readonly code?: unknown; readonly severity?: unknown }): string {
  if (error instanceof SyntaxError) return 'what was read is not valid';
  const isPostgres = typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) && error.severity !== undefined;
  if (!isPostgres || !/^(22|P0)/.test(String(error.code))) return error.message;
  return error.message.replace(/"[^"]*"/g, '"…"').replace(/: .*$/s, ': …');
}

/** Without the message, which stands at its beginning as it was. */
function stackOf({ stack = '', message }: Error, told: string): string {
  const at = message === '' ? -1 : stack.indexOf(message);
  return at < 0 ? stack : stack.slice(0, at) + told + stack.slice(at + message.length);
}
