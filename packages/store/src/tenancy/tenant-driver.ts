import { CompiledQuery, type DatabaseConnection, type Driver, type TransactionSettings } from 'kysely';
import type { Db } from '../open-database.js';
import { TenantConnection } from './tenant-connection.js';

/** Lends connections of another Kysely, and makes each transaction on them one of the organization's. */
export class TenantDriver implements Driver {
  readonly #db: Db;
  readonly #begin: CompiledQuery;

  /** The id has to have been checked: it becomes part of a statement, because `set` takes no parameters. */
  constructor(db: Db, organizationId: string) {
    this.#db = db;
    this.#begin = CompiledQuery.raw(
      `begin; set local role syncline_tenant; set local syncline.organization = '${organizationId}'`,
    );
  }

  async init(): Promise<void> {}
  /** The pool is somebody else's. */
  async destroy(): Promise<void> {}

  acquireConnection(): Promise<DatabaseConnection> {
    return new Promise((resolve, reject) => {
      this.#db
        .getExecutor()
        .provideConnection(
          (lent) => new Promise<void>((release) => resolve(new TenantConnection(lent, this.#begin, release))),
        )
        .catch(reject);
    });
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    ours(connection).release();
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    await ours(connection).begin();
    const { isolationLevel, accessMode } = settings;
    const modes = [isolationLevel && `isolation level ${isolationLevel}`, accessMode].filter(Boolean);
    if (modes.length > 0) await connection.executeQuery(CompiledQuery.raw(`set transaction ${modes.join(' ')}`));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await ours(connection).end('commit');
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await ours(connection).end('rollback');
  }
}

function ours(connection: DatabaseConnection): TenantConnection {
  if (connection instanceof TenantConnection) return connection;
  throw new TypeError('the connection is of another driver');
}
