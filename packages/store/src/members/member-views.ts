import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { PersonSeen } from './person.js';

/** Somebody who has come to an organization. */
export interface Member extends PersonSeen {
  readonly id: string;
  readonly firstSeenAt: Date;
  /** To the minute. */
  readonly lastSeenAt: Date;
  readonly blockedAt: Date | null;
  readonly blockedBy: string | null;
  readonly blockedReason: string | null;
  /** API keys that they made and that open something still: these do not end with their token. */
  readonly liveKeys: number;
}

/** Where a page of members ended, in microseconds since 1970. Nothing of a person: it stands in addresses. */
export interface MemberPlace {
  readonly micros: string;
  readonly id: string;
}

export interface MemberFilter {
  /** A part of the name, the address or the subject, in whatever case. */
  readonly search?: string | undefined;
  readonly isBlocked?: boolean | undefined;
  readonly after?: MemberPlace | undefined;
}

/** An organization's members behind a place, those who came first last; at most `limit`. */
export async function listMembers(
  db: Db,
  organizationId: string,
  filter: MemberFilter,
  limit: number,
): Promise<(Member & { readonly place: MemberPlace })[]> {
  const { search, isBlocked, after } = filter;
  let page = members(db, organizationId);
  if (search !== undefined) {
    const within = sql<string>`lower(concat_ws(' ', m.name, m.email, m.subject))`;
    page = page.where(sql<boolean>`position(lower(${search}) in ${within}) > 0`);
  }
  if (isBlocked !== undefined) page = page.where('m.blocked_at', isBlocked ? 'is not' : 'is', null);
  if (after !== undefined) {
    const at = sql`'epoch'::timestamptz + ${after.micros}::bigint * interval '1 microsecond'`;
    page = page.where(sql<boolean>`(m.first_seen_at, m.id) < (${at}, ${after.id}::uuid)`);
  }
  const rows = await page
    .select(sql<string>`(extract(epoch from m.first_seen_at) * 1000000)::bigint::text`.as('micros'))
    .orderBy('m.first_seen_at', 'desc')
    .orderBy('m.id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ micros, ...member }) => ({ ...member, place: { micros, id: member.id } }));
}

/** Undefined when the organization knows nobody by that id. */
export async function findMember(db: Db, organizationId: string, id: string): Promise<Member | undefined> {
  return members(db, organizationId).where('m.id', '=', id).executeTakeFirst();
}

function members(db: Db, organizationId: string) {
  return db
    .selectFrom('members as m')
    .where('m.organization_id', '=', organizationId)
    .select(['m.id', 'm.issuer', 'm.subject', 'm.name', 'm.email', 'm.role'])
    .select(['m.first_seen_at as firstSeenAt', 'm.last_seen_at as lastSeenAt'])
    .select(['m.blocked_at as blockedAt', 'm.blocked_by as blockedBy', 'm.blocked_reason as blockedReason'])
    .select(
      sql<number>`(
        select count(*) from api_keys k
        where k.organization_id = m.organization_id
          and k.created_by in ('token of ' || m.subject, 'browser session of token of ' || m.subject)
          and k.revoked_at is null and (k.expires_at is null or k.expires_at > now()))`.as('liveKeys'),
    );
}
