import { type SqlBool, sql } from 'kysely';
import type { Db } from '../open-database.js';
import { name } from '../writer/identifier.js';

/** What a delivery tells to ask for again: a record, or something for a sync. */
export interface Signal {
  readonly entity: string;
  /** Empty for a whole entity; of a span, what tells it from others. */
  readonly vendorId: string;
  readonly span?: SignalledSpan;
  /** How long after one for the same entity the sync that this is about begins, at least. */
  readonly restSeconds?: number;
}

/** Days that are to be synced, both included (YYYY-MM-DD): of the entity, and of others before it. */
export interface SignalledSpan {
  readonly from: string;
  readonly to: string;
  readonly with: readonly string[];
}

/** A delivery for one connection, as the ledger and the counters see it. */
export interface NotedDelivery {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly outcome:
    | {
        readonly kind: 'event';
        readonly eventId: string;
        readonly type: string;
        /**
         * Null for one that nobody has signed. That is not known again by its id: it counts as known while what it tells to
         * ask for is pending anyway, whoever has told it. So there is a bound to what strangers can have written down.
         */
        readonly sentAt: Date | null;
        readonly signals: readonly Signal[];
        readonly verifies: Verifies | undefined;
      }
    | {
        readonly kind: 'ignored';
        readonly why: 'unknown_type' | 'other_source';
        readonly verifies: Verifies | undefined;
      }
    /** It tells of nothing, and shows that deliveries arrive. */
    | { readonly kind: 'test'; readonly verifies: Verifies | undefined }
    | { readonly kind: 'refused'; readonly reason: string };
}

/** When the handshake was whose key a delivery was signed with; undefined for one of a key before that. */
export interface Verifies {
  readonly handshakeAt: Date | null;
}

/** What came of a delivery: new signals, or none because all of them were known. */
export interface Noted {
  /** Entities that there is something new to do for. */
  readonly entities: readonly string[];
}

/**
 * Writes deliveries into the ledger and counts them, all in one transaction: when it has committed, they may be
 * acknowledged. An event that is known already is counted and changes nothing else. `gatherMs` is how long a record
 * waits, so that what comes in a burst is fetched once.
 *
 * Rows are inserted in one order: processes that are told the same wait for one another and never in a circle.
 */
export async function noteDeliveries(
  db: Db,
  deliveries: readonly NotedDelivery[],
  gatherMs: number,
): Promise<readonly Noted[]> {
  return db.transaction().execute(async (trx) => {
    const fresh = await insertSignals(trx, deliveries, gatherMs);
    const noted = deliveries.map((delivery) => ({ entities: freshEntities(delivery, fresh) }));
    await count(trx, deliveries, noted);
    return noted;
  });
}

interface SignalRow {
  readonly organization_id: string;
  readonly connection_id: string;
  readonly event_id: string;
  readonly type: string;
  readonly entity: string;
  readonly vendor_id: string;
  readonly sent_at: string | null;
  readonly span: SignalledSpan | null;
  readonly rest_seconds: number;
}

/** Gives the keys of those that were not there. */
async function insertSignals(trx: Db, deliveries: readonly NotedDelivery[], gatherMs: number): Promise<Set<string>> {
  const rows = deliveries.flatMap(signalRows);
  if (rows.length === 0) return new Set();
  const inserted = await sql<SignalRow>`
    insert into webhook_deliveries
      (organization_id, connection_id, event_id, type, entity, vendor_id, sent_at, due_at, span, rest_seconds)
    select organization_id, connection_id, event_id, type, entity, vendor_id, coalesce(sent_at, now()),
      now() + make_interval(secs => ${gatherMs / 1_000}), nullif(span, 'null'), rest_seconds
    from (
      select distinct on (connection_id, entity, vendor_id, case when sent_at is not null then event_id end) *
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as s (organization_id uuid, connection_id uuid,
        event_id text, type text, entity text, vendor_id text, sent_at timestamptz, span jsonb, rest_seconds int)) as s
    where sent_at is not null or not exists (
      select from webhook_deliveries w where w.connection_id = s.connection_id and w.entity = s.entity
        and w.vendor_id = s.vendor_id and w.status = 'pending')
    order by connection_id, event_id, entity, vendor_id
    on conflict do nothing
    returning connection_id, event_id, entity, vendor_id`.execute(trx);
  return new Set(inserted.rows.map(keyOf));
}

function signalRows({ organizationId, connectionId, outcome }: NotedDelivery): SignalRow[] {
  if (outcome.kind !== 'event') return [];
  const { eventId, type, sentAt } = outcome;
  return outcome.signals.map(({ entity, vendorId, span = null, restSeconds = 0 }) => ({
    ...{ organization_id: organizationId, connection_id: connectionId },
    ...{ event_id: eventId, type, entity, vendor_id: vendorId, span, rest_seconds: restSeconds },
    sent_at: sentAt?.toISOString() ?? null,
  }));
}

function keyOf(row: Pick<SignalRow, 'connection_id' | 'event_id' | 'entity' | 'vendor_id'>): string {
  return JSON.stringify([row.connection_id, row.event_id, row.entity, row.vendor_id]);
}

/** Each new row counts for the first delivery that brought it. */
function freshEntities(delivery: NotedDelivery, fresh: Set<string>): string[] {
  const mine = signalRows(delivery).filter((row) => fresh.delete(keyOf(row)));
  return [...new Set(mine.map(({ entity }) => entity))];
}

async function count(trx: Db, deliveries: readonly NotedDelivery[], noted: readonly Noted[]): Promise<void> {
  const tallies = new Map<string, Tally>();
  deliveries.forEach(({ organizationId, connectionId, outcome }, i) => {
    const tally = tallies.get(connectionId) ?? newTally(organizationId, connectionId);
    tallies.set(connectionId, tally);
    if (outcome.kind === 'refused') {
      tally.refused += 1;
      tally.reason = outcome.reason;
      return;
    }
    tally.received += 1;
    if (outcome.kind === 'ignored') tally[outcome.why] += 1;
    else if (outcome.kind === 'event' && noted[i]?.entities.length === 0) tally.duplicates += 1;
    if (outcome.verifies !== undefined) tally.verifies = { at: outcome.verifies.handshakeAt?.toISOString() ?? null };
  });
  const rows = [...tallies.values()].sort((a, b) => (a.connection_id < b.connection_id ? -1 : 1));
  await sql`
    insert into webhook_subscriptions as s (connection_id, organization_id, received, duplicates, ignored_type,
      ignored_source, refused, last_refused_reason, last_refused_at, last_delivery_at, verified_at)
    select connection_id, organization_id, received, duplicates, unknown_type, other_source, refused, reason,
      case when refused > 0 then now() end, case when received > 0 then now() end,
      case when verifies is not null then now() end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t (${tallyColumns})
    on conflict (connection_id) do update set
      received = s.received + excluded.received, duplicates = s.duplicates + excluded.duplicates,
      ignored_type = s.ignored_type + excluded.ignored_type,
      ignored_source = s.ignored_source + excluded.ignored_source, refused = s.refused + excluded.refused,
      last_refused_reason = coalesce(excluded.last_refused_reason, s.last_refused_reason),
      last_refused_at = coalesce(excluded.last_refused_at, s.last_refused_at),
      last_delivery_at = coalesce(excluded.last_delivery_at, s.last_delivery_at)`.execute(trx);
  // A newer key than the one that was verified here may have been agreed on meanwhile.
  await sql`
    update webhook_subscriptions s set verified_at = now()
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t (${tallyColumns})
    where s.connection_id = t.connection_id and s.verified_at is null and t.verifies is not null
      and s.handshake_at is not distinct from (t.verifies ->> 'at')::timestamptz`.execute(trx);
  await sql`
    insert into webhook_hours as h (connection_id, hour, organization_id, received)
    select connection_id, date_trunc('hour', now()), organization_id, received
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t (${tallyColumns})
    where received > 0
    on conflict (connection_id, hour) do update set received = h.received + excluded.received`.execute(trx);
}

const tallyColumns = sql`connection_id uuid, organization_id uuid, received int, duplicates int, unknown_type int,
  other_source int, refused int, reason text, verifies jsonb`;

interface Tally {
  readonly connection_id: string;
  readonly organization_id: string;
  received: number;
  duplicates: number;
  unknown_type: number;
  other_source: number;
  refused: number;
  reason: string | null;
  verifies: { readonly at: string | null } | null;
}

function newTally(organizationId: string, connectionId: string): Tally {
  return {
    ...{ connection_id: connectionId, organization_id: organizationId, received: 0, duplicates: 0 },
    ...{ unknown_type: 0, other_source: 0, refused: 0, reason: null, verifies: null },
  };
}

/** Which of these vendor ids a connection has rows of, whether they are marked as deleted or not. */
export async function storedIds(
  db: Db,
  table: { readonly name: string; readonly key: string },
  connection: { readonly id: string; readonly organizationId: string },
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ key: string }>`
    select ${sql.raw(name(table.key))} as key from ${sql.raw(name(table.name))}
    where connection_id = ${connection.id} and organization_id = ${connection.organizationId}
      and ${sql<SqlBool>`${sql.raw(name(table.key))} = any(${[...ids]}::text[])`}`.execute(db);
  return new Set(rows.map(({ key }) => key));
}
