import { SyncError } from '@syncline/connector-kit';
import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { postgresRefusal } from '../writer/postgres-refusal.js';
import { type Actor, recordAudit } from './audit.js';
import { type FailedItemFilter, matchingItems } from './failed-item-views.js';
import type { ItemPlace } from './recovery.js';

/** Who changes items, and whose they are. */
export type ItemActor = Actor & { readonly organizationId: string };

/**
 * Replaces the payload that a failed record is tried with. Whoever is retrying the old one can write nothing any more.
 *
 * Throws SyncError NOT_FOUND, ITEM_RESOLVED, and VALIDATION_FAILED for items that have no payload, or for one that
 * Postgres cannot hold.
 */
export async function editFailedItem(db: Db, by: ItemActor, id: string, payload: string): Promise<void> {
  try {
    await edit(db, by, id, payload);
  } catch (error) {
    const refusal = postgresRefusal(error);
    if (refusal === undefined) throw error;
    throw new SyncError('VALIDATION_FAILED', `Postgres cannot hold it (${refusal.cause})`, { field: 'payload' });
  }
}

async function edit(db: Db, by: ItemActor, id: string, payload: string): Promise<void> {
  await changeItem(db, by, id, 'item.edit', {}, async (trx, item) => {
    if (item.kind !== 'record') throw new SyncError('VALIDATION_FAILED', 'Only failed records have a payload');
    await trx
      .updateTable('sync_failed_items')
      .set({
        payload,
        payload_edited_at: sql<Date>`now()`,
        updated_at: sql<Date>`now()`,
        ...(item.status === 'retrying' ? { status: 'pending', next_attempt_at: sql<Date>`now()` } : {}),
        ...(item.status === 'retrying' ? released : {}),
      })
      .where('id', '=', id)
      .execute();
  });
}

/** Closes an item by hand. Throws SyncError NOT_FOUND, ITEM_RESOLVED. */
export async function resolveFailedItem(db: Db, by: ItemActor, id: string, note: string): Promise<void> {
  await changeItem(db, by, id, 'item.resolve', { note }, async (trx) => {
    await trx
      .updateTable('sync_failed_items')
      .set({
        status: 'resolved',
        note,
        resolved_by: by.actor,
        resolved_at: sql<Date>`now()`,
        updated_at: sql<Date>`now()`,
        next_attempt_at: null,
        ...released,
      })
      .where('id', '=', id)
      .execute();
  });
}

const released = { claim: null, claimed_until: null } as const;

async function changeItem(
  db: Db,
  by: ItemActor,
  id: string,
  action: string,
  details: Readonly<Record<string, unknown>>,
  change: (trx: Db, item: { readonly kind: string; readonly status: string }) => Promise<void>,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const item = await matchingItems(trx, by.organizationId, {})
      .select(['kind', 'status', 'connection_id', 'entity', 'vendor_id'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (item === undefined) throw new SyncError('NOT_FOUND', 'There is no failed item with this id');
    if (item.status === 'resolved') throw new SyncError('ITEM_RESOLVED');
    await change(trx, item);
    const about = { connectionId: item.connection_id, entity: item.entity, vendorId: item.vendor_id };
    const subject = { subjectKind: 'failed_item', subjectId: id };
    await recordAudit(trx, { ...by, action, ...subject, details: { ...about, ...details } });
  });
}

/** Which items to try again: these, or all that a filter means. */
export type RetrySelection = { readonly ids: readonly string[] } | { readonly filter: FailedItemFilter };

export interface Retried {
  /** Items that are due now. */
  readonly items: number;
  /** Where they are due, each once. */
  readonly places: readonly (ItemPlace & { readonly connector: string })[];
}

/**
 * Makes items due at once, with all their attempts again, dead ones too. Those that are being retried at this moment
 * are left to it, resolved ones to their rest. A filter that does not name the kind leaves out held sweeps: retrying one
 * deletes rows, and should be meant. No more than `limit` at once, the oldest first.
 */
export async function retryFailedItems(
  db: Db,
  by: ItemActor,
  selection: RetrySelection,
  limit: number,
): Promise<Retried> {
  const { organizationId } = by;
  return db.transaction().execute(async (trx) => {
    const filter = 'filter' in selection ? selection.filter : {};
    let chosen = matchingItems(trx, organizationId, filter).select('id').where('status', 'in', ['pending', 'dead']);
    if ('ids' in selection) chosen = chosen.where('id', '=', sql<string>`any(${[...selection.ids]}::uuid[])`);
    else if (filter.kind === undefined) chosen = chosen.where('kind', '<>', 'sweep');
    const ids = (await chosen.orderBy('created_at').orderBy('id').limit(limit).execute()).map(({ id }) => id);
    // Locked in the order that everybody keeps, whatever the order they were chosen in.
    const { rows } = await sql<{ connectionId: string; entity: string; connector: string }>`
      update sync_failed_items f set status = 'pending', attempts = 0, next_attempt_at = now(), claim = null,
        claimed_until = null, updated_at = now()
      from connections c
      where c.id = f.connection_id and f.id in (
        select id from sync_failed_items where id = any(${ids}::uuid[]) and organization_id = ${organizationId}
          and status in ('pending', 'dead') order by vendor_id, id for update)
      returning f.connection_id as "connectionId", f.entity, c.connector`.execute(trx);
    if (rows.length > 0) {
      const only = 'ids' in selection && selection.ids.length === 1 ? { subjectId: selection.ids[0] ?? '' } : {};
      const details = { items: rows.length, ...('filter' in selection ? { filter: selection.filter } : { ids }) };
      const entry = { action: 'item.retry', subjectKind: 'failed_item', ...only, details };
      await recordAudit(trx, { ...by, ...entry });
    }
    const places = new Map(rows.map((row) => [`${row.connectionId} ${row.entity}`, { organizationId, ...row }]));
    return { items: rows.length, places: [...places.values()] };
  });
}
