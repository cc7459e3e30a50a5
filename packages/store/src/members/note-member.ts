import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { PersonSeen } from './person.js';

/**
 * Notes that somebody came to these organizations. Any number of processes at once write it once a minute; a name that
 * the token does not have stays as it was. Whoever is shut out has not come in: their row stays as it is.
 */
export async function noteMember(db: Db, organizationIds: readonly string[], person: PersonSeen): Promise<void> {
  const { issuer, subject, name, email, role } = person;
  // In one order, or two processes would wait for each other.
  const ids = [...organizationIds].sort();
  await sql`
    insert into members as m (organization_id, issuer, subject, name, email, role)
    select id, ${issuer}, ${subject}, ${name}, ${email}, ${role} from unnest(${ids}::uuid[]) as o (id)
    on conflict (organization_id, issuer, subject) do update set
      name = coalesce(excluded.name, m.name), email = coalesce(excluded.email, m.email), role = excluded.role,
      last_seen_at = now()
    where m.blocked_at is null and m.last_seen_at <= now() - interval '1 minute'`.execute(db);
}
