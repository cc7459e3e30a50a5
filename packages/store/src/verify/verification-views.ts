import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { FindingKind, VerificationStatus, VerifiedBucket } from '../schema.js';

export interface VerificationView {
  readonly id: string;
  readonly connectionId: string;
  readonly trigger: 'manual' | 'schedule';
  readonly triggeredBy: string | null;
  readonly status: VerificationStatus;
  /** What it rests for, and until when. */
  readonly waitingFor: string | null;
  readonly dueAt: Date;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly repair: 'asked' | 'done' | 'failed' | null;
  readonly repairBy: string | null;
  readonly repairError: string | null;
  readonly repairEndedAt: Date | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly entities: readonly VerifiedEntityView[];
}

/** What became of an entity. See migrations/0021 for the counts. */
export interface VerifiedEntityView {
  readonly entity: string;
  readonly status: 'pending' | 'reading' | 'checking' | 'done';
  readonly pages: number;
  readonly records: number;
  readonly unreadable: number;
  readonly rows: number | null;
  readonly missing: number;
  readonly extra: number;
  readonly stale: number;
  readonly different: number;
  readonly moved: number;
  readonly notDue: number;
  readonly dismissed: number;
  readonly sampled: number | null;
  readonly buckets: readonly VerifiedBucket[] | null;
  readonly repairJobId: string | null;
  readonly repaired: boolean;
}

export interface FindingView {
  readonly entity: string;
  readonly vendorId: string;
  readonly kind: FindingKind;
  readonly fields: readonly string[];
  readonly reason: string | null;
  readonly vendorUpdatedAt: Date | null;
  readonly storedUpdatedAt: Date | null;
  readonly confirmed: boolean;
}

interface ViewFilter {
  readonly id?: string;
  readonly connectionId?: string;
  readonly limit?: number;
}

/** Verifications of an organization, the latest first; at most 20 unless a limit is given. */
export async function listVerifications(
  db: Db,
  organizationId: string,
  { id, connectionId, limit = 20 }: ViewFilter,
): Promise<VerificationView[]> {
  let query = db
    .selectFrom('verifications')
    .select(['id', 'connection_id as connectionId', 'trigger', 'triggered_by as triggeredBy', 'status'])
    .select([
      'waiting_for as waitingFor',
      'due_at as dueAt',
      'error_code as errorCode',
      'error_message as errorMessage',
    ])
    .select(['repair', 'repair_by as repairBy', 'repair_error as repairError', 'repair_ended_at as repairEndedAt'])
    .select(['created_at as createdAt', 'started_at as startedAt', 'ended_at as endedAt'])
    .where('organization_id', '=', organizationId)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(limit);
  if (id !== undefined) query = query.where('id', '=', id);
  if (connectionId !== undefined) query = query.where('connection_id', '=', connectionId);
  const verifications = await query.execute();
  const entities = await listEntityViews(
    db,
    organizationId,
    verifications.map((one) => one.id),
  );
  return verifications.map((one) => ({
    ...one,
    entities: entities.filter(({ verificationId }) => verificationId === one.id).map(withoutId),
  }));
}

type Row = VerifiedEntityView & { readonly verificationId: string };

async function listEntityViews(db: Db, organizationId: string, ids: readonly string[]): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select e.verification_id as "verificationId", e.entity, e.status, e.pages, e.records, e.unreadable,
      e.rows_stored as rows, e.moved, e.not_due as "notDue", e.dismissed, e.sampled, e.buckets,
      e.repair_job_id as "repairJobId", e.repaired,
      coalesce(f.missing, 0) as missing, coalesce(f.extra, 0) as extra, coalesce(f.stale, 0) as stale,
      coalesce(f.different, 0) as different
    from verification_entities e
    left join lateral (
      select count(*) filter (where kind = 'missing') as missing, count(*) filter (where kind = 'extra') as extra,
        count(*) filter (where kind = 'stale') as stale, count(*) filter (where kind = 'different') as different
      from verification_findings f where f.verification_id = e.verification_id and f.entity = e.entity) f on true
    where e.organization_id = ${organizationId} and e.verification_id = any(${[...ids]}::uuid[])
    order by e.verification_id, e.position`.execute(db);
  return rows;
}

function withoutId({ verificationId: _, ...view }: Row): VerifiedEntityView {
  return view;
}

export interface FindingFilter {
  readonly entity?: string | undefined;
  readonly kind?: FindingKind | undefined;
  /** Those after this one, by entity and id. */
  readonly after?: { readonly entity: string; readonly vendorId: string } | undefined;
}

/** Findings of a verification, in the order of their entities' names and their ids. */
export async function listFindings(
  db: Db,
  organizationId: string,
  id: string,
  { entity, kind, after }: FindingFilter,
  limit: number,
): Promise<FindingView[]> {
  let query = db
    .selectFrom('verification_findings')
    .select(['entity', 'vendor_id as vendorId', 'kind', 'fields', 'reason', 'confirmed'])
    .select(['vendor_updated_at as vendorUpdatedAt', 'stored_updated_at as storedUpdatedAt'])
    .where('organization_id', '=', organizationId)
    .where('verification_id', '=', id)
    .orderBy('entity')
    .orderBy('vendor_id')
    .limit(limit);
  if (entity !== undefined) query = query.where('entity', '=', entity);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (after !== undefined) {
    query = query.where(sql<boolean>`(entity, vendor_id) > (${after.entity}, ${after.vendorId})`);
  }
  return query.execute();
}
