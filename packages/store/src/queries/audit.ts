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
  /** A part of who did it, in whatever case. */
  readonly search?: string | undefined;
  /** Entries of this moment and later. */
  readonly since?: Date | undefined;
  /** Entries before this moment. */
  readonly until?: Date | undefined;
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

/**
 * What has been done at all in an organization, by the alphabet. Goes from one action to the next by the index
 * audit_log_by_action, so that it costs what there are kinds of deeds, and not what there are entries.
 */
export async function listAuditActions(db: Db, organizationId: string): Promise<string[]> {
  const { rows } = await sql<{ action: string }>`
    with recursive actions as (
      (select action from audit_log where organization_id = ${organizationId} order by action limit 1)
      union all
      select (
        select l.action from audit_log l where l.organization_id = ${organizationId} and l.action > a.action
        order by l.action limit 1)
      from actions a where a.action is not null)
    select action from actions where action is not null`.execute(db);
  return rows.map(({ action }) => action);
}

function matchingEntries(db: Db, organizationId: string, filter: AuditFilter) {
  let query = db.selectFrom('audit_log').where('organization_id', '=', organizationId);
  if (filter.action !== undefined) query = query.where('action', '=', filter.action);
  if (filter.actor !== undefined) query = query.where('actor', '=', filter.actor);
  if (filter.search !== undefined) {
    query = query.where(sql<boolean>`position(lower(${filter.search}) in lower(actor)) > 0`);
  }
  if (filter.since !== undefined) query = query.where('created_at', '>=', filter.since);
  if (filter.until !== undefined) query = query.where('created_at', '<', filter.until);
  return query;
}
