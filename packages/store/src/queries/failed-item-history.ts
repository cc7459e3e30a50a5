import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { FailedItemEventKind } from '../schema.js';
import { type FailedItemView, viewColumns } from './failed-item-views.js';

/** Something that happened to a failed item; what is given by kind: migrations/0025. */
export interface FailedItemEvent {
  readonly at: Date;
  readonly kind: FailedItemEventKind;
  readonly actor: string | null;
  readonly attempt: number | null;
  readonly code: string | null;
  readonly field: string | null;
  /** Of a failure: null where it is that of the attempt before. */
  readonly message: string | null;
  /** Null also when the sync was cleared away. */
  readonly syncJobId: string | null;
}

export interface FailedItemHistory {
  /** In the order in which it happened: the first, and the latest hundred. */
  readonly events: readonly FailedItemEvent[];
  /** Of the same record, run or job, those that were settled before; the latest first. */
  readonly earlier: readonly FailedItemView[];
}

const mostEarlier = 10;

/** What happened to an item of the organization, and to those before it. Undefined: there is no such item. */
export async function readFailedItemHistory(
  db: Db,
  organizationId: string,
  id: string,
): Promise<FailedItemHistory | undefined> {
  const item = await db
    .selectFrom('sync_failed_items')
    .select(['connection_id as connectionId', 'entity', 'kind', 'vendor_id as vendorId', 'created_at as createdAt'])
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (item === undefined) return undefined;
  const events = await db
    .selectFrom('sync_failed_item_events as e')
    .leftJoin('sync_jobs as j', (join) =>
      join.onRef('j.id', '=', 'e.sync_job_id').onRef('j.organization_id', '=', 'e.organization_id'),
    )
    .select(['e.at', 'e.kind', 'e.actor', 'e.attempt', 'e.error_code as code', 'e.field', 'e.message'])
    .select('j.id as syncJobId')
    .where('e.organization_id', '=', organizationId)
    .where('e.item_id', '=', id)
    .orderBy('e.id')
    .execute();
  // A record that names no id could be any other one.
  if (item.kind === 'record' && item.vendorId === null) return { events, earlier: [] };
  const earlier = await db
    .selectFrom('sync_failed_items')
    .select(viewColumns)
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', item.connectionId)
    .where('entity', '=', item.entity)
    .where(sql<boolean>`vendor_id is not distinct from ${item.vendorId}`)
    .where('kind', '=', item.kind)
    .where('status', '=', 'resolved')
    .where('created_at', '<', item.createdAt)
    .orderBy('resolved_at', 'desc')
    .limit(mostEarlier)
    .execute();
  return { events, earlier };
}
