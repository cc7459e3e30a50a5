import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { Person } from './person.js';

/** An organization that a token names, and whether its admins have shut the token's owner out. */
interface Standing {
  readonly organizationId: string;
  readonly externalId: string;
  readonly isBlocked: boolean;
}

/**
 * The organizations that an identity provider calls so, and how that person stands with each. Names that nobody has are
 * left out. One query, because each request with a token asks: whoever is shut out is so at once, in every process.
 */
export async function standingsOf(
  db: Db,
  { issuer, subject }: Person,
  externalIds: readonly string[],
): Promise<Standing[]> {
  const { rows } = await sql<Standing>`
    select o.id as "organizationId", o.external_id as "externalId", m.blocked_at is not null as "isBlocked"
    from organizations o
    left join members m on m.organization_id = o.id and m.issuer = ${issuer} and m.subject = ${subject}
    where o.external_id = any(${externalIds.filter((id) => !id.includes('\u0000'))}::text[])`.execute(db);
  return rows;
}

/** Whether the person is shut out of one organization. Somebody who is not known there is not. */
export async function isShutOut(db: Db, organizationId: string, { issuer, subject }: Person): Promise<boolean> {
  const found = await db
    .selectFrom('members')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .where('blocked_at', 'is not', null)
    .executeTakeFirst();
  return found !== undefined;
}
