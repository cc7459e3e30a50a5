import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { AlertEvent } from '../schema.js';

/** A message to be sent, as it is written down with what it is about. */
export interface NewDelivery {
  readonly organizationId: string;
  readonly alertId: string;
  readonly event: AlertEvent;
  readonly body: string;
}

/** A message in the hands of one process. */
export interface Delivery {
  /** Also the message's id for the receiver, at every try. */
  readonly id: string;
  readonly organizationId: string;
  readonly alertId: string;
  readonly event: AlertEvent;
  readonly body: string;
  /** Tries, this one included. */
  readonly attempts: number;
}

/** Pauses between tries: twice as long each time, up to half an hour; a little random, so that they do not come in step. */
const basePauseSeconds = 15;
const longestPauseSeconds = 1_800;
/** A message that nobody has taken for so long is news no more. */
const givenUpAfter = sql`interval '1 day'`;

/** Writes messages down. In the transaction that raises or clears what they are about. */
export async function addDeliveries(trx: Db, deliveries: readonly NewDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  await trx
    .insertInto('sync_alert_deliveries')
    .values(
      deliveries.map(({ organizationId, alertId, event, body }) => ({
        ...{ organization_id: organizationId, alert_id: alertId, event, body },
      })),
    )
    .execute();
}

/**
 * Takes the message in hand that has been due for longest, for `seconds`: whoever dies with it leaves it to others then.
 * That an alert is cleared waits for the message that it was raised. Undefined when nothing is due.
 */
export async function claimDelivery(db: Db, seconds: number): Promise<Delivery | undefined> {
  const { rows } = await sql<Delivery>`
    update sync_alert_deliveries d
    set attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => ${seconds})
    where d.id = (
      select n.id from sync_alert_deliveries n
      where n.status = 'pending' and n.next_attempt_at <= now() and not exists (
        select from sync_alert_deliveries r
        where r.alert_id = n.alert_id and r.event = 'alert.raised' and r.status = 'pending' and r.id <> n.id)
      order by n.next_attempt_at limit 1
      for update skip locked)
    returning d.id, d.organization_id as "organizationId", d.alert_id as "alertId", d.event, d.body, d.attempts`.execute(
    db,
  );
  return rows[0];
}

export async function noteDelivered(db: Db, id: string, httpStatus: number): Promise<void> {
  await db
    .updateTable('sync_alert_deliveries')
    .set({ status: 'delivered', ended_at: sql<Date>`now()`, http_status: httpStatus, error_code: null })
    .where('id', '=', id)
    .execute();
}

export interface DeliveryFailure {
  readonly code: string;
  readonly httpStatus: number | null;
  /** The receiver does not want it, now or later. */
  readonly final: boolean;
}

/** Notes a try that did not work. Tells when it is tried again; undefined when it is not. */
export async function noteUndelivered(db: Db, id: string, failure: DeliveryFailure): Promise<Date | undefined> {
  const row = await db
    .updateTable('sync_alert_deliveries')
    .set({
      next_attempt_at: sql<Date>`now() + make_interval(secs =>
        least(${longestPauseSeconds}, ${basePauseSeconds} * 2 ^ least(attempts - 1, 20)) * (0.75 + random() / 2))`,
      error_code: failure.code,
      http_status: failure.httpStatus,
      ...(failure.final && { status: 'given_up' as const, ended_at: sql<Date>`now()` }),
    })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .returning(['status', 'next_attempt_at as next'])
    .executeTakeFirst();
  return row?.status === 'pending' ? row.next : undefined;
}

/** Gives up messages that nobody has taken for a day. Returns how many. */
export async function giveUpOldDeliveries(db: Db): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('sync_alert_deliveries')
    .set({ status: 'given_up', ended_at: sql<Date>`now()` })
    .where('status', '=', 'pending')
    .where('created_at', '<', sql<Date>`now() - ${givenUpAfter}`)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
