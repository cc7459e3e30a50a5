import { type Driver, PostgresDialect } from 'kysely';
import type { Db } from '../open-database.js';
import { TenantDriver } from './tenant-driver.js';

/** Postgres by way of another Kysely's connections. */
export class TenantDialect extends PostgresDialect {
  readonly #db: Db;
  readonly #organizationId: string;

  constructor(db: Db, organizationId: string) {
    super({ pool: () => Promise.reject(new Error('a tenant has no pool of its own')) });
    this.#db = db;
    this.#organizationId = organizationId;
  }

  override createDriver(): Driver {
    return new TenantDriver(this.#db, this.#organizationId);
  }
}
