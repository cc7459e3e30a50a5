import { sql } from 'kysely';
import type { Db } from '../open-database.js';

/** What came of a connection's deliveries of the last 24 hours. */
export interface WebhookDay {
  readonly connectionId: string;
  readonly verifiedAt: Date | null;
  readonly lastDeliveryAt: Date | null;
  /** By the full hour: the last 24 of them, and the one that has begun. */
  readonly received: number;
  /** Records that were told of, and are as the vendor has them now; ten thousand at most. */
  readonly processed: number;
  /** Records that became failed items. */
  readonly failed: number;
  /** How long the oldest one waits that is not settled; null when none does. */
  readonly lagSeconds: number | null;
}

/** Enough for a number that is shown; more would have to be counted each time. */
const mostCounted = 10_000;

/** Of all of an organization's connections that anything is known of, in one statement: a few steps through indexes each. */
export async function readWebhookDays(db: Db, organizationId: string): Promise<WebhookDay[]> {
  const { rows } = await sql<WebhookDay>`
    select s.connection_id as "connectionId", s.verified_at as "verifiedAt", s.last_delivery_at as "lastDeliveryAt",
      coalesce(h.received, 0)::bigint as received, d.processed, d.failed, w.lag as "lagSeconds"
    from webhook_subscriptions s
    cross join lateral (
      select sum(received) as received from webhook_hours
      where connection_id = s.connection_id and hour > now() - interval '25 hours') as h
    cross join lateral (
      select count(*) filter (where outcome not in ('failed', 'expired')) as processed,
        count(*) filter (where outcome = 'failed') as failed
      from (
        select outcome from webhook_deliveries
        where connection_id = s.connection_id and status = 'done' and received_at > now() - interval '1 day'
        order by received_at desc limit ${sql.lit(mostCounted)}) as settled) as d
    cross join lateral (
      select extract(epoch from now() - min(received_at))::float8 as lag from (
        (select received_at from webhook_deliveries
          where connection_id = s.connection_id and status = 'pending' limit ${sql.lit(mostCounted)})
        union all
        (select received_at from webhook_deliveries
          where connection_id = s.connection_id and status = 'in_hand' limit ${sql.lit(mostCounted)})) as open) as w
    where s.organization_id = ${organizationId}`.execute(db);
  return rows;
}
