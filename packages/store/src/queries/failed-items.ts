import { type RejectedRecord, stringifyJson } from '@syncline/connector-kit';
import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { inSavepoint } from '../writer/in-savepoint.js';

export interface ItemOwner {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly syncJobId: string;
  readonly entity: string;
}

interface ItemRow {
  readonly vendor_id: string | null;
  readonly payload: unknown;
  readonly error_code: string;
  readonly field: string | null;
  readonly message: string;
}

/**
 * Keeps records that failed, with all that is needed to try again. One that failed before counts another attempt.
 * Inside a transaction. A payload that jsonb cannot hold is kept as the text it came as.
 */
export async function recordFailedItems(
  trx: Db,
  owner: ItemOwner,
  rejected: readonly RejectedRecord[],
  lossless: boolean,
): Promise<void> {
  // One statement must not meet an item twice: of records with the same id the last one is kept.
  const byId = new Map(rejected.map((record, i) => [record.key ?? i, record]));
  const rows = [...byId.values()].map(
    (record): ItemRow => ({
      vendor_id: record.key ?? null,
      payload: record.raw,
      error_code: record.code,
      field: record.field ?? null,
      message: record.message.slice(0, 2000).toWellFormed(),
    }),
  );
  const accepted = async (some: readonly ItemRow[]) =>
    'done' in (await inSavepoint(trx, () => insertItems(trx, owner, some, lossless)));
  if (await accepted(rows)) return;
  for (const row of rows) {
    if (await accepted([row])) continue;
    await insertItems(trx, owner, [{ ...row, payload: asText(row.payload, lossless) }], lossless);
  }
}

/** JSON text; null where even that cannot be had. */
function asText(payload: unknown, lossless: boolean): string | null {
  try {
    return stringifyJson(payload, lossless);
  } catch {
    return null;
  }
}

async function insertItems(db: Db, owner: ItemOwner, rows: readonly ItemRow[], lossless: boolean): Promise<void> {
  await sql`
    insert into sync_failed_items
      (organization_id, connection_id, sync_job_id, entity, kind, vendor_id, payload, error_code, field, message)
    select ${owner.organizationId}, ${owner.connectionId}, ${owner.syncJobId}, ${owner.entity}, 'record', i.*
    from json_to_recordset(${stringifyJson(rows, lossless)}::json)
      as i (vendor_id text, payload jsonb, error_code text, field text, message text)
    order by i.vendor_id
    on conflict (connection_id, entity, kind, coalesce(vendor_id, ''))
      where status <> 'resolved' and (kind <> 'record' or vendor_id is not null)
    do update set sync_job_id = excluded.sync_job_id, payload = excluded.payload, error_code = excluded.error_code,
      field = excluded.field, message = excluded.message, attempts = sync_failed_items.attempts + 1,
      updated_at = now()`.execute(db);
}

/** Keeps the failure of a whole entity run. */
export async function recordFailedRun(
  db: Db,
  owner: ItemOwner,
  failure: { readonly code: string; readonly message: string },
): Promise<void> {
  await sql`
    insert into sync_failed_items
      (organization_id, connection_id, sync_job_id, entity, kind, error_code, message)
    values (${owner.organizationId}, ${owner.connectionId}, ${owner.syncJobId}, ${owner.entity}, 'entity_run',
      ${failure.code}, ${failure.message.slice(0, 2000)})
    on conflict (connection_id, entity, kind, coalesce(vendor_id, ''))
      where status <> 'resolved' and (kind <> 'record' or vendor_id is not null)
    do update set sync_job_id = excluded.sync_job_id, error_code = excluded.error_code, message = excluded.message,
      attempts = sync_failed_items.attempts + 1, updated_at = now()`.execute(db);
}

/** Closes the open items of records that have now been written. */
export async function resolveFailedItems(db: Db, owner: ItemOwner, vendorIds: readonly string[]): Promise<void> {
  await openItems(db, owner)
    .set({ status: 'resolved', resolved_at: sql<Date>`now()`, updated_at: sql<Date>`now()` })
    .where('kind', '=', 'record')
    .where('vendor_id', '=', sql<string>`any(${[...vendorIds]})`)
    .execute();
}

/** Closes the open item of an entity run that has now gone through. */
export async function resolveFailedRun(db: Db, owner: ItemOwner): Promise<void> {
  await openItems(db, owner)
    .set({ status: 'resolved', resolved_at: sql<Date>`now()`, updated_at: sql<Date>`now()` })
    .where('kind', '=', 'entity_run')
    .execute();
}

function openItems(db: Db, owner: ItemOwner) {
  return db
    .updateTable('sync_failed_items')
    .where('organization_id', '=', owner.organizationId)
    .where('connection_id', '=', owner.connectionId)
    .where('entity', '=', owner.entity)
    .where('status', '<>', 'resolved');
}
