import { type Db, type OpenDatabaseOptions, openDatabase } from '@syncline/store';

/** Opens a database for one piece of work and closes it again. */
export async function withDatabase<T>(
  options: Pick<OpenDatabaseOptions, 'databaseUrl' | 'schema' | 'applicationName'>,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  const db = openDatabase({ ...options, poolSize: 1, onError: () => undefined });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
