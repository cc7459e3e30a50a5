import { type Db, explainDatabaseError, type OpenDatabaseOptions, openDatabase } from '@syncline/store';

/** There is no session with Postgres to be had; the message says why and what to look at, and holds no secret. */
export class NoSessionError extends Error {
  override readonly name = 'NoSessionError';
}

/**
 * Opens a database for one piece of work and closes it again.
 *
 * Throws NoSessionError when Postgres cannot be connected to, and what `work` throws.
 */
export async function withDatabase<T>(
  options: Pick<OpenDatabaseOptions, 'databaseUrl' | 'schema' | 'applicationName'>,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  const db = openDatabase({ ...options, poolSize: 1, onError: () => undefined });
  try {
    return await work(db);
  } catch (error) {
    const reason = explainDatabaseError(error) ?? unreachable(error);
    throw reason === undefined ? error : new NoSessionError(reason, { cause: error });
  } finally {
    await db.destroy();
  }
}

/** Only what fails before there is a connection: one that breaks off later left something half done, and is shown as it is. */
function unreachable(error: unknown): string | undefined {
  const { syscall, message } = error as Partial<NodeJS.ErrnoException>;
  if (syscall !== 'connect' && syscall !== 'getaddrinfo') return undefined;
  return `Postgres cannot be reached (${message}): check DATABASE_URL, the server and its firewall.`;
}
