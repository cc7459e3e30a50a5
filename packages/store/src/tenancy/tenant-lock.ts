import { sql } from 'kysely';
import type { Db } from '../open-database.js';

/**
 * Whether this database user may take the role of tenants (see migrations/0012); false where it could not be made or
 * granted, may not use the schema, the schema is of an older release, or Postgres is: views of 14 show what their owner
 * sees, to everybody.
 */
export async function canBeTenant(db: Db): Promise<boolean> {
  // Being a member is not enough: from 16 on, there are memberships without the right to take the role.
  const { rows } = await sql<{ able: boolean }>`
    select v.version >= 150000
      and coalesce(pg_has_role(r.oid, case when v.version >= 160000 then 'set' else 'member' end), false)
      and coalesce(has_schema_privilege(r.oid, current_schema(), 'usage'), false)
      and exists (
        select from pg_policy p where p.polrelid = to_regclass('organizations') and p.polroles @> array[r.oid]
      ) as able
    from pg_roles r, (select current_setting('server_version_num')::int as version) as v
    where r.rolname = 'syncline_tenant'`.execute(db);
  return rows[0]?.able ?? false;
}
