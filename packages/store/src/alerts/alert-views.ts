import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { AlertEvent, DeliveryStatus } from '../schema.js';
import type { Alert } from './judge-connections.js';

/** How far a message to the webhook has come. */
export interface AlertMessage {
  readonly event: AlertEvent;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  /** While it is pending. */
  readonly nextAttemptAt: string | null;
  /** Of the last try that did not work. */
  readonly errorCode: string | null;
  readonly httpStatus: number | null;
  /** When it was taken, or given up. */
  readonly endedAt: string | null;
}

export type AlertView = Alert & {
  /** None where no webhook is set. */
  readonly messages: readonly AlertMessage[];
};

export interface AlertPage {
  /** Without it open ones only. */
  readonly cleared: boolean;
  readonly limit: number;
  readonly offset: number;
}

/** An organization's alerts, the latest first. */
export async function listAlerts(db: Db, organizationId: string, page: AlertPage): Promise<AlertView[]> {
  const { rows } = await sql<AlertView>`
    select a.id, a.organization_id as "organizationId", a.connection_id as "connectionId", a.connector, a.kind, a.detail,
      a.raised_at as "raisedAt", a.cleared_at as "clearedAt", m.messages
    from sync_alerts a
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object(
        'event', d.event, 'status', d.status, 'attempts', d.attempts,
        'nextAttemptAt', case when d.status = 'pending' then ${utc('d.next_attempt_at')} end,
        'errorCode', d.error_code, 'httpStatus', d.http_status, 'endedAt', ${utc('d.ended_at')}
      ) order by d.created_at), '[]') as messages
      from sync_alert_deliveries d where d.alert_id = a.id) as m
    where a.organization_id = ${organizationId} and (${page.cleared} or a.cleared_at is null)
    order by a.raised_at desc, a.id
    limit ${page.limit} offset ${page.offset}`.execute(db);
  return rows;
}

export async function countAlerts(db: Db, organizationId: string, cleared: boolean): Promise<number> {
  let query = db.selectFrom('sync_alerts').where('organization_id', '=', organizationId);
  if (!cleared) query = query.where('cleared_at', 'is', null);
  return (await query.select(sql<number>`count(*)`.as('count')).executeTakeFirstOrThrow()).count;
}

const utc = (column: string) => sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
