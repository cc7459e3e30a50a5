import { sql } from 'kysely';
import type { Db } from '../open-database.js';

/** Who does something by hand. */
export interface Actor {
  readonly actor: string;
  /** The address that the request came from. */
  readonly address?: string | undefined;
}

/** Something that a person did by hand. */
export interface AuditEntry extends Actor {
  readonly organizationId: string;
  /** `sync.cancel`, `item.retry`… */
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId?: string | undefined;
  /** Ids, counts, words of the operator; never a record's content. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Notes it for good. In the same transaction as what was done, where there is one. */
export async function recordAudit(db: Db, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit_log')
    .values({
      organization_id: entry.organizationId,
      actor: entry.actor,
      address: entry.address ?? null,
      action: entry.action,
      subject_kind: entry.subjectKind,
      subject_id: entry.subjectId ?? null,
      details: JSON.stringify(entry.details ?? {}),
    })
    .execute();
}

export interface AuditView {
  readonly id: number;
  readonly actor: string;
  readonly address: string | null;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

export interface AuditFilter {
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  /** Entries of this moment and later. */
  readonly since?: Date | undefined;
}

/** What people did in an organization, the latest first. */
export async function listAudit(
  db: Db,
  organizationId: string,
  filter: AuditFilter,
  page: { readonly limit: number; readonly offset: number },
): Promise<AuditView[]> {
  return matchingEntries(db, organizationId, filter)
    .select(['id', 'actor', 'address', 'action', 'subject_kind as subjectKind', 'subject_id as subjectId'])
    .select(['details', 'created_at as createdAt'])
    .orderBy('id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

export async function countAudit(db: Db, organizationId: string, filter: AuditFilter): Promise<number> {
  const row = await matchingEntries(db, organizationId, filter)
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return row.count;
}

function matchingEntries(db: Db, organizationId: string, filter: AuditFilter) {
  let query = db.selectFrom('audit_log').where('organization_id', '=', organizationId);
  if (filter.action !== undefined) query = query.where('action', '=', filter.action);
  if (filter.actor !== undefined) query = query.where('actor', '=', filter.actor);
  if (filter.since !== undefined) query = query.where('created_at', '>=', filter.since);
  return query;
}
