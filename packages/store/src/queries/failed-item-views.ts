import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { FailedItemKind, FailedItemStatus } from '../schema.js';

/** A failed item as its organization sees it, but for the payload. */
export interface FailedItemView {
  readonly id: string;
  readonly connectionId: string;
  readonly syncJobId: string | null;
  /** Empty for an item that is about a whole job. */
  readonly entity: string;
  readonly kind: FailedItemKind;
  readonly vendorId: string | null;
  readonly status: FailedItemStatus;
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly payloadEditedAt: Date | null;
  readonly note: string | null;
  readonly resolvedBy: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly resolvedAt: Date | null;
}

export interface FailedItemFilter {
  readonly connectionId?: string | undefined;
  /** The last sync in which the item failed. */
  readonly syncJobId?: string | undefined;
  readonly entity?: string | undefined;
  readonly kind?: FailedItemKind | undefined;
  /** `open` is everything that is not resolved. */
  readonly status?: FailedItemStatus | 'open' | undefined;
  readonly code?: string | undefined;
  /** Null: items that name none. */
  readonly field?: string | null | undefined;
  readonly vendorId?: string | undefined;
}

export const viewColumns = [
  'id',
  'connection_id as connectionId',
  'sync_job_id as syncJobId',
  'entity',
  'kind',
  'vendor_id as vendorId',
  'status',
  'error_code as code',
  'field',
  'message',
  'attempts',
  'next_attempt_at as nextAttemptAt',
  'payload_edited_at as payloadEditedAt',
  'note',
  'resolved_by as resolvedBy',
  'created_at as createdAt',
  'updated_at as updatedAt',
  'resolved_at as resolvedAt',
] as const;

/** An organization's failed items, newest first. */
export async function listFailedItems(
  db: Db,
  organizationId: string,
  filter: FailedItemFilter,
  page: { readonly limit: number; readonly offset: number },
): Promise<FailedItemView[]> {
  return matchingItems(db, organizationId, filter)
    .select(viewColumns)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(page.limit)
    .offset(page.offset)
    .execute();
}

export async function countFailedItems(db: Db, organizationId: string, filter: FailedItemFilter): Promise<number> {
  const row = await matchingItems(db, organizationId, filter)
    .select(sql<number>`count(*)`.as('count'))
    .executeTakeFirstOrThrow();
  return row.count;
}

/** One item with its payload as JSON text, because numbers in it may be longer than doubles. */
export async function findFailedItem(
  db: Db,
  organizationId: string,
  id: string,
): Promise<(FailedItemView & { readonly payload: string | null }) | undefined> {
  return matchingItems(db, organizationId, {})
    .select(viewColumns)
    .select(sql<string | null>`payload::text`.as('payload'))
    .where('id', '=', id)
    .executeTakeFirst();
}

/** The rows of an organization that a filter means, to be read or, by their ids, to be changed. */
export function matchingItems(db: Db, organizationId: string, filter: FailedItemFilter) {
  let query = db.selectFrom('sync_failed_items').where('organization_id', '=', organizationId);
  if (filter.connectionId !== undefined) query = query.where('connection_id', '=', filter.connectionId);
  if (filter.syncJobId !== undefined) query = query.where('sync_job_id', '=', filter.syncJobId);
  if (filter.entity !== undefined) query = query.where('entity', '=', filter.entity);
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind);
  if (filter.status === 'open') query = query.where('status', '<>', 'resolved');
  else if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.code !== undefined) query = query.where('error_code', '=', filter.code);
  if (filter.field === null) query = query.where('field', 'is', null);
  else if (filter.field !== undefined) query = query.where('field', '=', filter.field);
  if (filter.vendorId !== undefined) query = query.where('vendor_id', '=', filter.vendorId);
  return query;
}

export interface FailedItemGroup {
  readonly connectionId: string;
  readonly entity: string;
  readonly kind: FailedItemKind;
  readonly code: string;
  readonly status: FailedItemStatus;
  readonly items: number;
  readonly attempts: number;
  readonly oldest: Date;
  readonly newest: Date;
  readonly nextAttemptAt: Date | null;
}

/** How many items of which kind an organization has, the largest group first. */
export async function summarizeFailedItems(db: Db, organizationId: string): Promise<FailedItemGroup[]> {
  const { rows } = await sql<FailedItemGroup>`
    select connection_id as "connectionId", entity, kind, error_code as code, status, items, attempts, oldest, newest,
      next_attempt_at as "nextAttemptAt"
    from get_failed_items_summary(${organizationId})
    order by items desc, connection_id, entity, kind, error_code, status`.execute(db);
  return rows;
}
