import { SyncError } from '@syncline/connector-kit';
import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { FailedItemStatus } from '../schema.js';
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
    await noteByHand(trx, by, 'edited', [id]);
  });
}

/** Closes an item by hand. Throws SyncError NOT_FOUND, ITEM_RESOLVED. */
export async function resolveFailedItem(db: Db, by: ItemActor, id: string, note: string): Promise<void> {
  await changeItem(db, by, id, 'item.resolve', { note }, async (trx) => {
    await trx.updateTable('sync_failed_items').set(closed(by, note)).where('id', '=', id).execute();
  });
}

const released = { claim: null, claimed_until: null } as const;

function closed({ actor }: ItemActor, note: string) {
  return {
    status: 'resolved',
    note,
    resolved_by: actor,
    resolved_at: sql<Date>`now()`,
    updated_at: sql<Date>`now()`,
    next_attempt_at: null,
    ...released,
  } as const;
}

/** For the history of the items; see migrations/0025. What the fleet does is noted by the table itself. */
async function noteByHand(trx: Db, by: ItemActor, kind: 'edited' | 'retried', ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    insert into sync_failed_item_events (item_id, organization_id, kind, actor)
    select id, ${by.organizationId}, ${kind}, ${by.actor} from unnest(${[...ids]}::uuid[]) as id`.execute(trx);
}

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

/** Which items: these, or all that a filter means. */
export type ItemSelection = { readonly ids: readonly string[] } | { readonly filter: FailedItemFilter };

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
  selection: ItemSelection,
  limit: number,
): Promise<Retried> {
  const { organizationId } = by;
  return db.transaction().execute(async (trx) => {
    const ids = await chooseItems(trx, organizationId, selection, ['pending', 'dead'], limit);
    // Locked in the order that everybody keeps, whatever the order they were chosen in.
    const { rows } = await sql<{ id: string; connectionId: string; entity: string; connector: string }>`
      update sync_failed_items f set status = 'pending', attempts = 0, next_attempt_at = now(), claim = null,
        claimed_until = null, updated_at = now()
      from connections c
      where c.id = f.connection_id and f.id in (
        select id from sync_failed_items where id = any(${ids}::uuid[]) and organization_id = ${organizationId}
          and status in ('pending', 'dead') order by vendor_id, id for update)
      returning f.id, f.connection_id as "connectionId", f.entity, c.connector`.execute(trx);
    const changed = rows.map(({ id }) => id);
    await noteByHand(trx, by, 'retried', changed);
    await recordMany(trx, by, 'item.retry', selection, changed, {});
    const places = new Map(
      rows.map(({ id: _, ...row }) => [`${row.connectionId} ${row.entity}`, { organizationId, ...row }]),
    );
    return { items: rows.length, places: [...places.values()] };
  });
}

/**
 * Closes items by hand, all for the same reason; those that are being retried at this moment as well: whoever has them
 * can write nothing any more. A filter that does not name the kind leaves out held sweeps. No more than `limit` at
 * once, the oldest first. Returns how many were closed.
 */
export async function closeFailedItems(
  db: Db,
  by: ItemActor,
  selection: ItemSelection,
  note: string,
  limit: number,
): Promise<number> {
  const { organizationId } = by;
  return db.transaction().execute(async (trx) => {
    const ids = await chooseItems(trx, organizationId, selection, ['pending', 'retrying', 'dead'], limit);
    // Locked in the order that everybody keeps, whatever the order they were chosen in.
    const locked = await matchingItems(trx, organizationId, { status: 'open' })
      .select('id')
      .where('id', '=', sql<string>`any(${ids}::uuid[])`)
      .orderBy('vendor_id')
      .orderBy('id')
      .forUpdate()
      .execute();
    const changed = locked.map(({ id }) => id);
    await trx
      .updateTable('sync_failed_items')
      .set(closed(by, note))
      .where('id', '=', sql<string>`any(${changed}::uuid[])`)
      .execute();
    await recordMany(trx, by, 'item.resolve', selection, changed, { note });
    return changed.length;
  });
}

async function chooseItems(
  trx: Db,
  organizationId: string,
  selection: ItemSelection,
  statuses: readonly FailedItemStatus[],
  limit: number,
): Promise<string[]> {
  const filter = 'filter' in selection ? selection.filter : {};
  let chosen = matchingItems(trx, organizationId, filter)
    .select('id')
    .where('status', 'in', [...statuses]);
  if ('ids' in selection) chosen = chosen.where('id', '=', sql<string>`any(${[...selection.ids]}::uuid[])`);
  else if (filter.kind === undefined) chosen = chosen.where('kind', '<>', 'sweep');
  return (await chosen.orderBy('created_at').orderBy('id').limit(limit).execute()).map(({ id }) => id);
}

/** One entry of the audit log for what was done to many; none where nothing was. */
async function recordMany(
  trx: Db,
  by: ItemActor,
  action: string,
  selection: ItemSelection,
  changed: readonly string[],
  more: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (changed.length === 0) return;
  const only = 'ids' in selection && selection.ids.length === 1 ? { subjectId: selection.ids[0] ?? '' } : {};
  const which = 'filter' in selection ? { filter: selection.filter } : { ids: changed };
  const details = { items: changed.length, ...which, ...more };
  await recordAudit(trx, { ...by, action, subjectKind: 'failed_item', ...only, details });
}
