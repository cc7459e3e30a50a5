import { type RejectedRecord, stringifyJson } from '@syncline/connector-kit';
import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { SyncMode } from '../schema.js';
import { inSavepoint } from '../writer/in-savepoint.js';
import { selectionKey } from './selection-key.js';

/*
 * Failed items as a page's transaction writes them. How an item stands:
 *
 * pending   with a next attempt: due then. Without, but with a claim: given up, its dead letter is on its way. Without
 *           both: waits for somebody's word (a held sweep).
 * retrying  under a claim: in the hands of the recovery. Without: the sync that its retry started is under way.
 * dead      waits for somebody. resolved: settled, kept for a while.
 */

export interface ItemOwner {
  readonly organizationId: string;
  readonly connectionId: string;
  /** Null where no sync brought the record. */
  readonly syncJobId: string | null;
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
 * Keeps records that failed, with all that is needed to try again, for the first time after about `retrySeconds`. One
 * that failed before counts another attempt, and is taken out of the hands of whoever is retrying an older version of
 * it. A dead one stays dead. A payload that an operator has put right and that was not tried yet stays.
 *
 * Inside a transaction. A payload that jsonb cannot hold is kept as the text it came as.
 */
export async function recordFailedItems(
  trx: Db,
  owner: ItemOwner,
  rejected: readonly RejectedRecord[],
  lossless: boolean,
  retrySeconds: number,
): Promise<void> {
  // One statement must not meet an item twice: of records with the same id the last one is kept.
  const byId = new Map(rejected.map((record, i) => [record.key ?? i, record]));
  const rows = [...byId.values()].map(
    (record): ItemRow => ({
      vendor_id: record.key ?? null,
      payload: record.raw,
      error_code: record.code,
      field: fieldName(record.field),
      message: shortened(record.message),
    }),
  );
  const insert = (some: readonly ItemRow[]) => insertItems(trx, owner, some, lossless, retrySeconds);
  const accepted = async (some: readonly ItemRow[]) => 'done' in (await inSavepoint(trx, () => insert(some)));
  if (await accepted(rows)) return;
  for (const row of rows) {
    if (await accepted([row])) continue;
    await insert([{ ...row, payload: payloadAsText(row.payload, lossless) }]);
  }
}

/** What is wrong, at a length that an index takes; see migrations/0024. */
export function fieldName(field: string | undefined): string | null {
  return field?.slice(0, 200).toWellFormed() ?? null;
}

/** A reason at a length that can be shown, without halves of characters. */
export function shortened(message: string): string {
  return message.slice(0, 2000).toWellFormed();
}

/** JSON text; null where even that cannot be had. */
export function payloadAsText(payload: unknown, lossless: boolean): string | null {
  try {
    return stringifyJson(payload, lossless);
  } catch {
    return null;
  }
}

async function insertItems(
  db: Db,
  owner: ItemOwner,
  rows: readonly ItemRow[],
  lossless: boolean,
  retrySeconds: number,
): Promise<void> {
  await sql`
    insert into sync_failed_items as f (organization_id, connection_id, sync_job_id, entity, kind, vendor_id, payload,
      error_code, field, message, next_attempt_at)
    select ${owner.organizationId}, ${owner.connectionId}, ${owner.syncJobId}, ${owner.entity}, 'record', i.*,
      now() + make_interval(secs => ${retrySeconds}::float8 * (0.75 + random() / 2))
    from json_to_recordset(${stringifyJson(rows, lossless)}::json)
      as i (vendor_id text, payload jsonb, error_code text, field text, message text)
    order by i.vendor_id
    on conflict (connection_id, entity, kind, coalesce(vendor_id, ''))
      where status <> 'resolved' and (kind <> 'record' or vendor_id is not null)
    do update set sync_job_id = excluded.sync_job_id, error_code = excluded.error_code,
      payload = case when f.payload_edited_at is null then excluded.payload else f.payload end,
      field = excluded.field, message = excluded.message, attempts = f.attempts + 1, updated_at = now(),
      claim = null, claimed_until = null,
      status = case f.status when 'dead' then 'dead' else 'pending' end,
      next_attempt_at = case f.status when 'dead' then null when 'pending'
        then coalesce(f.next_attempt_at, excluded.next_attempt_at) else excluded.next_attempt_at end`.execute(db);
}

/** Whether an entity has more open failed items than `most`. */
export async function hasMoreOpenItems(db: Db, owner: ItemOwner, most: number): Promise<boolean> {
  const { rows } = await sql<{ open: number }>`
    select count(*) as open from (
      select from sync_failed_items where connection_id = ${owner.connectionId} and entity = ${owner.entity}
        and organization_id = ${owner.organizationId} and kind = 'record' and status <> 'resolved'
      limit ${most + 1}) counted`.execute(db);
  return (rows[0]?.open ?? 0) > most;
}

/**
 * Locks the open items of these records. Whoever locks several items does it in this order, so that nobody waits for
 * ever: a page and a retry may be about the same ones.
 *
 * Returns which of the records have one.
 */
export async function lockOpenItems(
  trx: Db,
  owner: ItemOwner,
  vendorIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await trx
    .selectFrom('sync_failed_items')
    .select('vendor_id')
    .where('organization_id', '=', owner.organizationId)
    .where('connection_id', '=', owner.connectionId)
    .where('entity', '=', owner.entity)
    .where('kind', '=', 'record')
    .where('status', '<>', 'resolved')
    .where('vendor_id', '=', sql<string>`any(${[...vendorIds]})`)
    .orderBy('vendor_id')
    .orderBy('id')
    .forUpdate()
    .execute();
  return new Set(rows.map((row) => row.vendor_id ?? ''));
}

/**
 * Closes the open items of records that have now been written, and takes them out of the hands of whoever retries them:
 * what he has fetched may be older than what was written.
 */
export async function resolveFailedItems(db: Db, owner: ItemOwner, vendorIds: readonly string[]): Promise<void> {
  await openItems(db, owner)
    .set(settled)
    .where('kind', '=', 'record')
    .where('vendor_id', '=', sql<string>`any(${[...vendorIds]})`)
    .execute();
}

/**
 * Closes the open item of an entity run that has now gone through. A selection closes that of the same selection and no
 * other: it has not read what they are about. A full run has read it all.
 */
export async function resolveFailedRun(db: Db, owner: ItemOwner, mode: SyncMode): Promise<void> {
  const open = openItems(db, owner).set(settled).where('kind', '=', 'entity_run');
  if (mode === 'full') {
    await open.execute();
    return;
  }
  await open
    .where(({ eb, selectFrom }) =>
      eb(
        'vendor_id',
        'is not distinct from',
        selectFrom('sync_jobs as j').select(selectionKey('j').as('key')).where('j.id', '=', owner.syncJobId),
      ),
    )
    .execute();
}

const settled = {
  status: 'resolved',
  resolved_at: sql<Date>`now()`,
  updated_at: sql<Date>`now()`,
  resolved_by: 'sync',
  next_attempt_at: null,
  claim: null,
  claimed_until: null,
} as const;

function openItems(db: Db, owner: ItemOwner) {
  return db
    .updateTable('sync_failed_items')
    .where('organization_id', '=', owner.organizationId)
    .where('connection_id', '=', owner.connectionId)
    .where('entity', '=', owner.entity)
    .where('status', '<>', 'resolved');
}

/** Whether any of these entities has failed items that a success may resolve. */
export async function hasOpenItems(db: Db, connectionId: string, entities: readonly string[]): Promise<boolean> {
  if (entities.length === 0) return false;
  const open = await db
    .selectFrom('sync_failed_items')
    .select('id')
    .where('connection_id', '=', connectionId)
    .where('entity', 'in', [...entities])
    .where('status', '<>', 'resolved')
    .limit(1)
    .executeTakeFirst();
  return open !== undefined;
}
