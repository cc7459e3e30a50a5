import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type pg from 'pg';

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

/**
 * A pool in whose sessions the server ends what takes too long.
 *
 * A session of ours is told once. Behind a pooler (PgBouncer in transaction mode, say) no session is ours: what is set in
 * one stays there for strangers, and our next transaction has another. There every transaction is told for itself;
 * statements outside of one have the limits of the role. Told by statements, because poolers refuse start-up parameters
 * that they do not know.
 */
export function limitSessions(pool: pg.Pool, timeouts: DatabaseTimeouts): PostgresPool {
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    connect: async () => {
      const client = await pool.connect();
      const found = known.get(client);
      if (found !== undefined) return found;
      try {
        const isOurs = await limitOwnSession(client, timeouts);
        const lent = isOurs ? client : new PooledClient(client, timeouts);
        known.set(client, lent);
        return lent;
      } catch (error) {
        client.release(true);
        throw error;
      }
    },
    end: () => pool.end(),
  };
}

/**
 * Sets the limits, unless somebody is in between, and says whether they were set. Whoever lends sessions to many has to
 * give each of them a number of its own to cancel with; without, it is that of the server's process.
 */
async function limitOwnSession(client: pg.PoolClient, timeouts: DatabaseTimeouts): Promise<boolean> {
  const { statementMs, idleInTransactionMs } = timeouts;
  const { processID = -1 } = client as { processID?: number | null };
  const { rowCount } = await client.query(
    `select set_config('statement_timeout', '${statementMs}', false),
      set_config('idle_in_transaction_session_timeout', '${idleInTransactionMs}', false)
    where pg_backend_pid() = ${processID ?? -1}`,
  );
  return rowCount === 1;
}

const begins = /^\s*(begin|start transaction)\b/i;

/** A client of a pooler, in which every transaction begins with the limits. */
class PooledClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  readonly #limits: string;

  constructor(client: pg.PoolClient, { statementMs, idleInTransactionMs }: DatabaseTimeouts) {
    this.#client = client;
    this.#limits =
      `; set local statement_timeout = ${statementMs}` +
      `; set local idle_in_transaction_session_timeout = ${idleInTransactionMs}`;
  }

  query<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(
    given: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof given !== 'string') throw new TypeError('no cursors here: they would outlive a pooled session');
    const text = begins.test(given) ? given + this.#limits : given;
    return this.#client.query(text, [...parameters]) as unknown as Promise<PostgresQueryResult<R>>;
  }

  release(): void {
    this.#client.release();
  }
}
