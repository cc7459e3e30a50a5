import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { WebhookOutcome } from '../schema.js';

/** One thing that a delivery told of: nothing of what it said but ids, kinds and times. */
export interface DeliveryView {
  readonly type: string;
  readonly entity: string;
  /** Null: it is about the entity, or some days of it, and not about a record. */
  readonly vendorId: string | null;
  /** By the vendor's clock. */
  readonly sentAt: Date;
  readonly receivedAt: Date;
  readonly status: 'pending' | 'in_hand' | 'done';
  readonly outcome: WebhookOutcome | null;
  readonly attempts: number;
  readonly settledAt: Date | null;
  /** Where it stands in the list. */
  readonly place: DeliveryPlace;
}

/** When it came, in microseconds since 1970, as rows of one moment are told apart. */
export interface DeliveryPlace {
  readonly micros: string;
  readonly id: number;
}

export interface DeliveryFilter {
  readonly outcome?: WebhookOutcome | 'open' | undefined;
  /** Those that came before this one. */
  readonly before?: DeliveryPlace | undefined;
}

/** What a connection's deliveries of the last days told of, the latest first; at most `limit`. */
export async function listDeliveries(
  db: Db,
  organizationId: string,
  connectionId: string,
  { outcome, before }: DeliveryFilter,
  limit: number,
): Promise<DeliveryView[]> {
  let query = db
    .selectFrom('webhook_deliveries')
    .select(['id', 'type', 'entity', 'sent_at as sentAt', 'received_at as receivedAt', 'status', 'outcome'])
    .select(['attempts', 'settled_at as settledAt'])
    // Of a span of days the column has the span's own name, which says nothing to anybody.
    .select(sql<string | null>`case when span is null then nullif(vendor_id, '') end`.as('vendorId'))
    .select(sql<string>`(extract(epoch from received_at) * 1000000)::bigint::text`.as('micros'))
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .orderBy('received_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (outcome === 'open') query = query.where('status', '<>', 'done');
  else if (outcome !== undefined) query = query.where('outcome', '=', outcome);
  if (before !== undefined) {
    const at = sql`'epoch'::timestamptz + ${before.micros}::bigint * interval '1 microsecond'`;
    query = query.where(sql<boolean>`(received_at, id) < (${at}, ${before.id}::bigint)`);
  }
  const rows = await query.execute();
  return rows.map(({ micros, id, ...delivery }) => ({ ...delivery, place: { micros, id } }));
}
