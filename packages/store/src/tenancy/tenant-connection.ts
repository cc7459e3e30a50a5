import { CompiledQuery, type DatabaseConnection, type QueryResult } from 'kysely';

/** A connection on which nothing runs outside of a transaction that begins as `begin` says. */
export class TenantConnection implements DatabaseConnection {
  readonly #lent: DatabaseConnection;
  readonly #begin: CompiledQuery;
  #open = false;
  readonly release: () => void;

  constructor(lent: DatabaseConnection, begin: CompiledQuery, release: () => void) {
    this.#lent = lent;
    this.#begin = begin;
    this.release = release;
  }

  async begin(): Promise<void> {
    // Three statements in one: when the second fails, the transaction of the first is still open.
    await this.#lent.executeQuery(this.#begin).catch(async (error: unknown) => {
      await this.#lent.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined);
      throw error;
    });
    this.#open = true;
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    this.#open = false;
    await this.#lent.executeQuery(CompiledQuery.raw(how));
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.#open) return this.#lent.executeQuery<Row>(query);
    await this.begin();
    try {
      const result = await this.#lent.executeQuery<Row>(query);
      await this.end('commit');
      return result;
    } catch (error) {
      // The statement's error tells more than that of a rollback on a lost connection.
      if (this.#open) await this.end('rollback').catch(() => undefined);
      throw error;
    }
  }

  streamQuery<Row>(query: CompiledQuery, chunkSize?: number): AsyncIterableIterator<QueryResult<Row>> {
    if (!this.#open) throw new Error('stream in a transaction: nothing of a tenant runs outside of one');
    return this.#lent.streamQuery<Row>(query, chunkSize);
  }
}
