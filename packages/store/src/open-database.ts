import { Socket } from 'node:net';
import { isTracing } from '@syncline/tracing';
import { CompiledQuery, type DatabaseConnection, Kysely, PostgresDialect, type PostgresDialectConfig } from 'kysely';
import pg from 'pg';
import type { Database } from './schema.js';
import { inSchema } from './schema-choice/in-schema.js';
import { MigrationLockAdapter } from './schema-choice/migration-lock.js';
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

export interface DatabaseTimeouts {
  /** Longest statement, waits for locks included, ms. */
  readonly statementMs: number;
  /**
   * Longest pause within a transaction, ms. A process that was stopped in the middle of one keeps its locks; whoever
   * takes its work over waits for them.
   */
  readonly idleInTransactionMs: number;
  /** Longest silence on a line, ms; longer than the longest statement, which is silent too. */
  readonly silenceMs: number;
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
  const dialect = new Dialect({
    pool,
    ...(timeouts && { onCreateConnection: (connection) => limitSession(connection, timeouts) }),
  });
  return new Kysely<Database>({ dialect });
}

class Dialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver() {
    return isTracing() ? new TracedDriver(this.#config) : super.createDriver();
  }

  override createAdapter() {
    return new MigrationLockAdapter();
  }
}

/** The server ends what takes too long. A statement, because poolers refuse start-up parameters that they do not know. */
async function limitSession(connection: DatabaseConnection, timeouts: DatabaseTimeouts): Promise<void> {
  const { statementMs, idleInTransactionMs } = timeouts;
  const limits = `set statement_timeout = ${statementMs}; set idle_in_transaction_session_timeout = ${idleInTransactionMs}`;
  await connection.executeQuery(CompiledQuery.raw(limits));
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
