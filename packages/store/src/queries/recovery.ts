import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { FailedItemKind } from '../schema.js';
import type { Connection } from './connections.js';

/** What failed of one entity of one connection. The entity is empty for items that are about a whole job. */
export interface ItemPlace {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly entity: string;
}

/** A failed item in the hands of one recovery. */
export interface ClaimedItem {
  readonly id: string;
  readonly kind: FailedItemKind;
  readonly entity: string;
  readonly syncJobId: string | null;
  readonly vendorId: string | null;
  readonly attempts: number;
  /** The payload is an operator's. */
  readonly edited: boolean;
  /** JSON text, because numbers in it may be longer than doubles. Only where it is asked for, or the only way. */
  readonly payload: string | null;
}

/** An item that was given up, with what its dead letter has to show for it. */
export interface GivenUp {
  readonly itemId: string;
  readonly claim: string;
}

/** The connection, if what failed of it may be tried again now: not stopped, not paused, not to be authorised anew. */
export async function findRecoverable(db: Db, place: Omit<ItemPlace, 'entity'>): Promise<Connection | undefined> {
  return db
    .selectFrom('connections as c')
    .innerJoin('organizations as o', 'o.id', 'c.organization_id')
    .select([
      'c.id',
      'c.organization_id as organizationId',
      'c.connector',
      'c.name',
      'c.status',
      'c.status_reason as statusReason',
      'c.settings',
      'c.from_environment as fromEnvironment',
    ])
    .where('c.organization_id', '=', place.organizationId)
    .where('c.id', '=', place.connectionId)
    .where('c.status', 'in', ['active', 'error'])
    .where('o.stopped_at', 'is', null)
    .executeTakeFirst();
}

/**
 * Takes due items in hand, the longest due first, for `seconds` by Postgres' clock. Those that somebody else is about
 * to take are passed over. Payloads come along where `withPayload`, or where an item is no record, has no vendor's id,
 * or a payload that was edited.
 */
export async function claimDueItems(
  db: Db,
  place: ItemPlace,
  options: {
    readonly claim: string;
    readonly seconds: number;
    readonly limit: number;
    readonly withPayload: boolean;
  },
): Promise<ClaimedItem[]> {
  const { claim, seconds, limit, withPayload } = options;
  const { rows } = await sql<ClaimedItem>`
    update sync_failed_items f set status = 'retrying', claim = ${claim},
      claimed_until = now() + make_interval(secs => ${seconds})
    where f.id in (
      select id from sync_failed_items
      where organization_id = ${place.organizationId} and connection_id = ${place.connectionId}
        and entity = ${place.entity} and status = 'pending' and next_attempt_at <= now()
      order by next_attempt_at, id limit ${limit} for update skip locked)
    returning f.id, f.kind, f.entity, f.sync_job_id as "syncJobId", f.vendor_id as "vendorId", f.attempts,
      f.payload_edited_at is not null as edited,
      case when ${withPayload} or f.kind <> 'record' or f.vendor_id is null or f.payload_edited_at is not null
        then f.payload::text end as payload`.execute(db);
  return rows;
}

/** Gives back what is still held under a claim: due as before, no attempt spent; `seconds` puts it off. */
export async function releaseItems(db: Db, claim: string, seconds = 0): Promise<void> {
  await release(db, sql`claim = ${claim}`, seconds);
}

/** The same for one of the items. */
export async function releaseItem(db: Db, claim: string, itemId: string, seconds: number): Promise<void> {
  await release(db, sql`claim = ${claim} and id = ${itemId}`, seconds);
}

async function release(db: Db, which: ReturnType<typeof sql>, seconds: number): Promise<void> {
  await sql`
    update sync_failed_items set status = 'pending', claim = null, claimed_until = null,
      next_attempt_at = now() + make_interval(secs => ${seconds})
    where status = 'retrying' and ${which}`.execute(db);
}

/**
 * Ends the claims on an entity's items, whoever has them: a recovery that starts is the only one there is, so the one
 * before has died. It costs an attempt each, and the last attempt gives the item up, so that one that kills its process
 * does not do so for ever.
 */
export async function takeOverItems(db: Db, place: ItemPlace, mostAttempts: number): Promise<GivenUp[]> {
  const ofPlace = sql`organization_id = ${place.organizationId} and connection_id = ${place.connectionId}
    and entity = ${place.entity}`;
  return endClaims(db, ofPlace, mostAttempts);
}

/** The same for claims that have run out, of whatever entity. */
export async function endExpiredClaims(db: Db, mostAttempts: number): Promise<GivenUp[]> {
  return endClaims(db, sql`claimed_until < now()`, mostAttempts);
}

async function endClaims(db: Db, which: ReturnType<typeof sql>, mostAttempts: number): Promise<GivenUp[]> {
  const { rows } = await sql<{ itemId: string; claim: string | null }>`
    update sync_failed_items f set attempts = attempts + 1, status = 'pending', claimed_until = null,
      claim = case when attempts + 1 >= ${mostAttempts} then gen_random_uuid() end,
      next_attempt_at = case when attempts + 1 < ${mostAttempts} then now() end, updated_at = now()
    where id in (select id from sync_failed_items where status = 'retrying' and claim is not null and ${which}
      for update skip locked)
    returning id as "itemId", claim`.execute(db);
  return rows.filter((row): row is GivenUp => row.claim !== null);
}

/** Items that were given up `seconds` ago or more and are not dead yet: their letter was lost. */
export async function listGivenUp(db: Db, seconds: number, limit: number): Promise<GivenUp[]> {
  const { rows } = await sql<GivenUp>`
    select id as "itemId", claim from sync_failed_items
    where status = 'pending' and next_attempt_at is null and claim is not null
      and updated_at < now() - make_interval(secs => ${seconds})
    order by updated_at limit ${limit}`.execute(db);
  return rows;
}

/** Where items are due whose connection may work on them. */
export async function listDuePlaces(db: Db, limit: number): Promise<(ItemPlace & { readonly connector: string })[]> {
  const { rows } = await sql<ItemPlace & { connector: string }>`
    select distinct f.organization_id as "organizationId", f.connection_id as "connectionId", f.entity, c.connector
    from sync_failed_items f
    join connections c on c.id = f.connection_id and c.status in ('active', 'error')
    join organizations o on o.id = f.organization_id and o.stopped_at is null
    where f.status = 'pending' and f.next_attempt_at <= now() limit ${limit}`.execute(db);
  return rows;
}

/** In how many ms the next item of an entity is due; undefined when none waits. */
export async function msUntilDue(db: Db, place: ItemPlace): Promise<number | undefined> {
  const { rows } = await sql<{ ms: number | null }>`
    select extract(epoch from min(next_attempt_at) - now())::float8 * 1000 as ms from sync_failed_items
    where organization_id = ${place.organizationId} and connection_id = ${place.connectionId}
      and entity = ${place.entity} and status = 'pending'`.execute(db);
  return rows[0]?.ms ?? undefined;
}
