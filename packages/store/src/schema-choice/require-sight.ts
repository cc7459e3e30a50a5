import { sql } from 'kysely';
import type { Db } from '../open-database.js';

/** Row-level security hides our own tables from us: everything would look empty. The message says what to do. */
export class HiddenRowsError extends Error {
  override readonly name = 'HiddenRowsError';
}

/**
 * Checks that we see the rows of our tables: the role owns them, is a member of their owner, bypasses row-level security
 * or has a policy. Does nothing where the tables are not there yet.
 *
 * Throws HiddenRowsError.
 */
export async function requireSight(db: Db): Promise<void> {
  const { rows } = await sql<{ role: string; owner: string }>`
    select current_user as role, pg_get_userbyid(c.relowner)::text as owner from pg_class c
    where c.oid = to_regclass('organizations') and row_security_active(c.oid) and not exists (
      select from pg_policy p where p.polrelid = c.oid and p.polname <> 'syncline_tenant')`.execute(db);
  const [hidden] = rows;
  if (hidden === undefined) return;
  const { role, owner } = hidden;
  throw new HiddenRowsError(
    `Row-level security hides Syncline's tables from the role ${role}: they belong to ${owner}. Connect as ${owner}, or ` +
      `grant ${owner} to ${role}.`,
  );
}
