import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { type Actor, recordAudit } from '../queries/audit.js';

/** Whom an order is about. */
interface MemberKey {
  readonly organizationId: string;
  readonly id: string;
}

/**
 * Shuts somebody out, for a reason: from now on their tokens open nothing of the organization. Somebody who is shut out
 * already stays so for the first reason. Within a transaction; false when nothing had to be done, or nobody is there.
 */
export async function blockMember(trx: Db, key: MemberKey, reason: string, by: Actor): Promise<boolean> {
  const blocked = await trx
    .updateTable('members')
    .set({ blocked_at: sql<Date>`now()`, blocked_by: by.actor, blocked_reason: reason })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('blocked_at', 'is', null)
    .returning('subject')
    .executeTakeFirst();
  if (blocked !== undefined) await note(trx, key, 'member.block', by, { subject: blocked.subject, reason });
  return blocked !== undefined;
}

/** Lets somebody in again, with whatever their tokens say by then. Within a transaction; false when nothing had to be done. */
export async function unblockMember(trx: Db, key: MemberKey, by: Actor): Promise<boolean> {
  const freed = await trx
    .updateTable('members')
    .set({ blocked_at: null, blocked_by: null, blocked_reason: null })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('blocked_at', 'is not', null)
    .returning('subject')
    .executeTakeFirst();
  if (freed !== undefined) await note(trx, key, 'member.unblock', by, { subject: freed.subject });
  return freed !== undefined;
}

/**
 * Forgets somebody: name, address, role and when they came. Not somebody who is shut out: without the row they would be
 * in again. Within a transaction; false when nobody went. What the log keeps of it names nobody.
 */
export async function forgetMember(trx: Db, key: MemberKey, by: Actor): Promise<boolean> {
  const gone = await trx
    .deleteFrom('members')
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .where('blocked_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (gone !== undefined) await note(trx, key, 'member.forget', by, {});
  return gone !== undefined;
}

/** Forgets those who have not come for `days`, a thousand at a time; not those who are shut out. How many went. */
export async function forgetAbsentMembers(db: Db, days: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('members')
    .where(({ eb, selectFrom }) =>
      eb(
        'id',
        'in',
        selectFrom('members')
          .select('id')
          .where('blocked_at', 'is', null)
          .where('last_seen_at', '<', sql<Date>`now() - make_interval(days => ${days})`)
          .limit(1_000),
      ),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

async function note(trx: Db, key: MemberKey, action: string, by: Actor, details: Record<string, unknown>) {
  const { organizationId, id } = key;
  await recordAudit(trx, { organizationId, ...by, action, subjectKind: 'member', subjectId: id, details });
}
