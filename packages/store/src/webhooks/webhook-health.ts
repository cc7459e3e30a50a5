import { sql } from 'kysely';
import type { Db } from '../open-database.js';

/** How a connection's webhooks are. Counters are since the connection was made. */
export interface WebhookHealth {
  readonly connectionId: string;
  readonly awaitingUntil: Date | null;
  readonly handshakeAt: Date | null;
  readonly verifiedAt: Date | null;
  readonly lastDeliveryAt: Date | null;
  readonly received: number;
  readonly duplicates: number;
  readonly ignoredType: number;
  readonly ignoredSource: number;
  readonly refused: number;
  readonly lastRefusedAt: Date | null;
  readonly lastRefusedReason: string | null;
  /** Records that wait to be fetched again, or are being fetched. */
  readonly pending: number;
  readonly oldestPendingSeconds: number | null;
  /** From a delivery to its row, of the latest thousand that were settled within a day. */
  readonly settled: number;
  readonly p50Seconds: number | null;
  readonly p99Seconds: number | null;
  /** Of those, how many became failed items. */
  readonly failed: number;
}

/** Enough for a number that is shown; more would have to be counted each time. */
const mostPending = 10_000;
const mostSettled = 1_000;

/** Of these connections of an organization, in no particular order; none for those that nothing is known of. */
export async function readWebhookHealth(
  db: Db,
  organizationId: string,
  connectionIds: readonly string[],
): Promise<WebhookHealth[]> {
  const health = sql<WebhookHealth>`
    select s.connection_id as "connectionId",
      case when s.awaiting_until > now() then s.awaiting_until end as "awaitingUntil",
      s.handshake_at as "handshakeAt", s.verified_at as "verifiedAt", s.last_delivery_at as "lastDeliveryAt",
      s.received, s.duplicates, s.ignored_type as "ignoredType", s.ignored_source as "ignoredSource", s.refused,
      s.last_refused_at as "lastRefusedAt", s.last_refused_reason as "lastRefusedReason",
      p.pending, p.oldest as "oldestPendingSeconds", d.settled, d.p50 as "p50Seconds", d.p99 as "p99Seconds", d.failed
    from webhook_subscriptions s
    cross join lateral (
      select count(distinct (entity, vendor_id)) as pending,
        extract(epoch from now() - min(received_at))::float8 as oldest
      from (
        (select entity, vendor_id, received_at from webhook_deliveries
          where connection_id = s.connection_id and status = 'pending' limit ${mostPending})
        union all
        (select entity, vendor_id, received_at from webhook_deliveries
          where connection_id = s.connection_id and status = 'in_hand' limit ${mostPending})) as w) as p
    cross join lateral (
      select count(*) as settled, count(*) filter (where outcome = 'failed') as failed,
        percentile_cont(0.5) within group (order by seconds) as p50,
        percentile_cont(0.99) within group (order by seconds) as p99
      from (
        select outcome, extract(epoch from settled_at - received_at)::float8 as seconds from webhook_deliveries
        where connection_id = s.connection_id and status = 'done' and outcome <> 'expired'
          and received_at > now() - interval '1 day'
        order by received_at desc limit ${mostSettled}) as w) as d
    where s.organization_id = ${organizationId} and s.connection_id = any(${[...connectionIds]}::uuid[])`;
  return db.transaction().execute(async (trx) => {
    // The latest thousand are found by walking an index that has them in order. Postgres expects every connection to have
    // as many deliveries as the average, and would read and sort a day of the busiest one.
    await sql`set local enable_bitmapscan = off`.execute(trx);
    return (await health.execute(trx)).rows;
  });
}
