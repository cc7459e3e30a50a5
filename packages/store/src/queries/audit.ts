import type { Db } from '../open-database.js';

/** Something that a person did by hand. */
export interface AuditEntry {
  readonly organizationId: string;
  readonly actor: string;
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
      action: entry.action,
      subject_kind: entry.subjectKind,
      subject_id: entry.subjectId ?? null,
      details: JSON.stringify(entry.details ?? {}),
    })
    .execute();
}
