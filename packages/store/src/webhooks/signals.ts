import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { ItemPlace } from '../queries/recovery.js';
import type { SignalledSpan } from './note-deliveries.js';

/** A record that webhooks told of, in the hands of one turn; with an empty `vendorId` the entity as a whole. */
export interface ClaimedSignal {
  readonly vendorId: string;
  /** How often it was tried in vain, by the row that was tried most. */
  readonly attempts: number;
  /** Given, it is no record but these days of the entity; `vendorId` tells them from others. */
  readonly span: SignalledSpan | null;
  /** How long after the last sync that was started for this entity the next one begins, at least. */
  readonly restSeconds: number;
}

/** Rows that are looked through for records that are due: many of them may be about the same. */
const rowsLookedAt = 2_000;

/**
 * Takes records in hand that are due, the longest due first, each with all that waits for it: however often it was told
 * of, it is asked for once. What is told from now on is another matter.
 */
export async function claimSignals(
  db: Db,
  place: ItemPlace,
  options: { readonly claim: string; readonly seconds: number; readonly limit: number },
): Promise<ClaimedSignal[]> {
  const { claim, seconds, limit } = options;
  const { rows } = await sql<ClaimedSignal>`
    with due as materialized (
      select vendor_id from (
        select vendor_id, due_at from webhook_deliveries
        where ${isOf(place)} and status = 'pending' and due_at <= now() order by due_at limit ${rowsLookedAt}) as d
      group by vendor_id order by min(due_at), vendor_id limit ${limit})
    update webhook_deliveries w
    set status = 'in_hand', claim = ${claim}, claimed_until = now() + make_interval(secs => ${seconds})
    from due where ${isOf(place)} and w.vendor_id = due.vendor_id and w.status = 'pending'
    returning w.vendor_id as "vendorId", w.attempts, w.span, w.rest_seconds as "restSeconds"`.execute(db);
  const claimed = new Map<string, ClaimedSignal>();
  for (const row of rows) {
    const before = claimed.get(row.vendorId);
    const most = (of: 'attempts' | 'restSeconds') => Math.max(row[of], before?.[of] ?? 0);
    claimed.set(row.vendorId, { ...row, attempts: most('attempts'), restSeconds: most('restSeconds') });
  }
  return [...claimed.values()];
}

/** Gives back what is still held under a claim, due in `seconds`; of these records, or of all. */
export async function releaseSignals(
  db: Db,
  claim: string,
  options: { readonly seconds?: number; readonly vendorIds?: readonly string[]; readonly isAttempt?: boolean } = {},
): Promise<void> {
  const { seconds = 0, vendorIds, isAttempt = false } = options;
  await sql`
    update webhook_deliveries set ${pendingAgain(isAttempt)}, due_at = now() + make_interval(secs => ${seconds})
    where claim = ${claim} and status = 'in_hand'
      and ${vendorIds === undefined ? sql`true` : sql`vendor_id = any(${[...vendorIds]}::text[])`}`.execute(db);
}

/**
 * Notes that a sync was started for one thing that is held under a claim. In the transaction that makes the sync. Gives
 * the seconds since each delivery came that told of it.
 */
export async function settleAsSync(trx: Db, claim: string, vendorId: string): Promise<number[]> {
  const { rows } = await sql<{ lag: number }>`
    update webhook_deliveries set status = 'done', outcome = 'sync', settled_at = now(), claim = null, claimed_until = null
    where claim = ${claim} and status = 'in_hand' and vendor_id = ${vendorId}
    returning extract(epoch from settled_at - received_at)::float8 as lag`.execute(trx);
  return rows.map(({ lag }) => lag);
}

/** Seconds since the last sync was started for an entity because of what webhooks had told; undefined for none. */
export async function secondsSinceSync(db: Db, place: ItemPlace): Promise<number | undefined> {
  const { rows } = await sql<{ seconds: number }>`
    select extract(epoch from now() - settled_at)::float8 as seconds from webhook_deliveries
    where ${isOf(place)} and outcome = 'sync' order by settled_at desc limit 1`.execute(db);
  return rows[0]?.seconds;
}

/**
 * Ends the claims on an entity's signals: whoever begins a turn is the only one there is, so the one before has died.
 * That counts as an attempt, so that a record that kills its process does not do so for ever.
 */
export async function takeOverSignals(db: Db, place: ItemPlace): Promise<void> {
  await sql`update webhook_deliveries set ${pendingAgain(true)}, due_at = now()
    where ${isOf(place)} and status = 'in_hand'`.execute(db);
}

/** The same for claims that have run out, wherever. */
export async function endExpiredSignals(db: Db): Promise<void> {
  await sql`update webhook_deliveries set ${pendingAgain(true)}, due_at = now()
    where status = 'in_hand' and claimed_until < now()`.execute(db);
}

function pendingAgain(isAttempt: boolean) {
  return sql`status = 'pending', claim = null, claimed_until = null, attempts = attempts + ${isAttempt ? 1 : 0}`;
}

/** Where signals are due whose connection may work on them. */
export async function listSignalledPlaces(
  db: Db,
  limit: number,
): Promise<(ItemPlace & { readonly connector: string })[]> {
  // One step through the index for each place, however many rows wait there.
  const { rows } = await sql<ItemPlace & { connector: string }>`
    with recursive places as (
      (select connection_id, entity from webhook_deliveries where status = 'pending'
       order by connection_id, entity limit 1)
      union all
      select next.connection_id, next.entity from places p cross join lateral (
        select connection_id, entity from webhook_deliveries
        where status = 'pending' and (connection_id, entity) > (p.connection_id, p.entity)
        order by connection_id, entity limit 1) as next)
    select c.organization_id as "organizationId", c.id as "connectionId", p.entity, c.connector
    from places p
    join connections c on c.id = p.connection_id and c.status in ('active', 'error')
    join organizations o on o.id = c.organization_id and o.stopped_at is null
    where exists (select from webhook_deliveries w where w.connection_id = p.connection_id and w.entity = p.entity
      and w.status = 'pending' and w.due_at <= now())
    limit ${limit}`.execute(db);
  return rows;
}

/** In how many ms the next signal of an entity is due, and in how many since the last one came; undefined for none. */
export async function signalTimes(
  db: Db,
  place: ItemPlace,
): Promise<{ readonly msUntilDue: number | undefined; readonly msSinceLast: number | undefined }> {
  const { rows } = await sql<{ due: number | null; last: number | null }>`
    select
      (select extract(epoch from min(due_at) - now())::float8 * 1000 from webhook_deliveries
       where ${isOf(place)} and status = 'pending') as due,
      (select extract(epoch from now() - received_at)::float8 * 1000 from webhook_deliveries
       where organization_id = ${place.organizationId} and connection_id = ${place.connectionId}
       order by received_at desc limit 1) as last`.execute(db);
  return { msUntilDue: rows[0]?.due ?? undefined, msSinceLast: rows[0]?.last ?? undefined };
}

function isOf({ organizationId, connectionId, entity }: ItemPlace) {
  return sql`organization_id = ${organizationId} and connection_id = ${connectionId} and entity = ${entity}`;
}

/** How long settled rows are kept: longer than a delivery may be old, or one that is replayed would count again. */
const keptDays = 7;
/** What has waited for so long (a connection that was paused) has been passed by syncs, or will be by the first one. */
const patienceDays = 7;
/** Hours of the past that a habit is made of, and some more. */
const habitDays = 70;

/** Keeps the ledger within bounds: at most `atMost` rows of each kind at a time. */
export async function tidyLedger(db: Db, atMost: number): Promise<void> {
  await sql`
    update webhook_deliveries set status = 'done', outcome = 'expired', settled_at = now()
    where id in (select id from webhook_deliveries
      where status = 'pending' and received_at < now() - make_interval(days => ${patienceDays})
      limit ${atMost} for update skip locked)`.execute(db);
  await sql`
    delete from webhook_deliveries where id in (select id from webhook_deliveries
      where status = 'done' and settled_at < now() - make_interval(days => ${keptDays}) limit ${atMost})`.execute(db);
  await sql`
    delete from webhook_hours where ctid in (select ctid from webhook_hours
      where hour < now() - make_interval(days => ${habitDays}) limit ${atMost})`.execute(db);
}
