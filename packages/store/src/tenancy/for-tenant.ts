import { Kysely } from 'kysely';
import type { Db } from '../open-database.js';
import type { Database } from '../schema.js';
import { isUuid } from '../uuid.js';
import { TenantDialect } from './tenant-dialect.js';

/**
 * The same pool, for one organization: every statement runs in a transaction whose role sees that organization's rows
 * and no other (migrations/0012). The second lock: statements name their organization besides.
 *
 * A statement on its own costs two more round trips. Nothing outlives a transaction, so a pooler in transaction mode may
 * be in between. Throws TypeError when the id is no UUID.
 */
export function forTenant(db: Db, organizationId: string): Db {
  if (!isUuid(organizationId)) throw new TypeError('an organization is known by a UUID');
  return new Kysely<Database>({ dialect: new TenantDialect(db, organizationId) });
}
