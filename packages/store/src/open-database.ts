import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database } from './schema.js';

export type Db = Kysely<Database>;

export interface OpenDatabaseOptions {
  readonly databaseUrl: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Most connections this process holds. */
  readonly poolSize: number;
  readonly onError: (error: Error) => void;
}

const int8 = 20;

/** Opens a pool. Connects lazily; the caller ends it with `db.destroy()`. */
export function openDatabase(options: OpenDatabaseOptions): Db {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    application_name: options.applicationName,
    max: options.poolSize,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    // Counters and counts are ours and small; as strings they would only invite mistakes. Vendor numbers are numeric.
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === int8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format as 'text'),
    },
  });
  pool.on('error', options.onError);
  // node-postgres emits `error` on a checked-out client between queries; without a listener that ends the process.
  pool.on('connect', (client) => client.on('error', options.onError));
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}
