import { Socket } from 'node:net';
import { isTracing } from '@syncline/tracing';
import { Kysely, PostgresDialect, type PostgresDialectConfig } from 'kysely';
import pg from 'pg';
import type { Database } from './schema.js';
import { inSchema } from './schema-choice/in-schema.js';
import { MigrationLockAdapter, MigrationLockDriver } from './schema-choice/migration-lock.js';
import { type DatabaseTimeouts, limitSessions } from './sessions/limited-sessions.js';
import { TracedDriver } from './traced-driver.js';

export type Db = Kysely<Database>;

export interface OpenDatabaseOptions {
  readonly databaseUrl: string;
  /** The schema that names without one mean, and no other. Unset: the role's own search path. */
  readonly schema?: string | undefined;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Most connections this process holds. */
  readonly poolSize: number;
  readonly onError: (error: Error) => void;
  /** Nothing is waited for without end. Not for migrations and loads of one's own, which may take long. */
  readonly timeouts?: DatabaseTimeouts;
}

/** What API and workers open their pools with. */
export const serviceTimeouts: DatabaseTimeouts = {
  statementMs: 120_000,
  idleInTransactionMs: 5_000,
  silenceMs: 130_000,
};

const int8 = 20;

/** Opens a pool. Connects lazily; the caller ends it with `db.destroy()`. */
export function openDatabase(options: OpenDatabaseOptions): Db {
  const { timeouts } = options;
  const pool = new pg.Pool({
    ...inSchema(options.databaseUrl, options.schema),
    application_name: options.applicationName,
    max: options.poolSize,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    // Counters and counts are ours and small; as strings they would only invite mistakes. Vendor numbers are numeric.
    ...(timeouts && { stream: () => lineThatEndsInSilence(timeouts.silenceMs) }),
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === int8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format as 'text'),
    },
  });
  pool.on('error', options.onError);
  // node-postgres emits `error` on a checked-out client between queries; without a listener that ends the process.
  pool.on('connect', (client) => client.on('error', options.onError));
  const dialect = new Dialect({ pool: timeouts ? limitSessions(pool, timeouts) : pool });
  return new Kysely<Database>({ dialect });
}

class Dialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createAdapter() {
    return new MigrationLockAdapter();
  }

  override createDriver() {
    return isTracing() ? new TracedDriver(this.#config) : new MigrationLockDriver(this.#config);
  }
}

/**
 * A server that cannot even end a statement (its machine is gone, a firewall swallows everything) is noticed by the
 * silence on the line: TCP alone would wait for a quarter of an hour.
 */
function lineThatEndsInSilence(ms: number): Socket {
  const socket = new Socket();
  const silence = () => Object.assign(new Error('Postgres has gone silent'), { code: 'ETIMEDOUT' });
  return socket.setTimeout(ms, () => socket.destroy(silence()));
}
