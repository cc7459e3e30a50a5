import pg from 'pg';

/**
 * SQLSTATEs that pass: connection trouble, resources, shutdown or recovery of the server, lost races, lock and
 * statement time-outs, a transaction that paused for too long, a server that is read-only for a while (failover).
 */
const passing = /^(08|53|57|58|40|55P03|25006|25P03)/;

/** The last two: a machine or container whose own network is away. */
const network = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'EHOSTDOWN'],
  ...['ENETUNREACH', 'ENETDOWN'],
]);

/** Whether an error says that Postgres is away, overloaded or lost a race: the same call may go through later. */
export function isTransientDatabaseError(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return passing.test(error.code ?? '');
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isTransientDatabaseError);
  const code = (error as NodeJS.ErrnoException).code ?? '';
  // node-postgres gives its own connection errors no code.
  return (
    network.has(code) ||
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/.test(error.message)
  );
}

/** Whether Postgres has ended a statement that took too long: it may go through later, and where it is too much, it never will. */
export function isStatementTimeout(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '57014';
}
