import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { AlertEvent, AlertKind, DeliveryStatus } from '../schema.js';
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
  /** Null when the connection was deleted. */
  readonly connectionName: string | null;
  /** None where no webhook is set. */
  readonly messages: readonly AlertMessage[];
};

export interface AlertFilter {
  /** Open: not cleared yet. Closed: cleared. */
  readonly state: 'open' | 'closed' | 'all';
  readonly kind?: AlertKind | undefined;
  readonly connectionId?: string | undefined;
}

/** An organization's alerts, the latest first. */
export async function listAlerts(
  db: Db,
  organizationId: string,
  filter: AlertFilter,
  page: { readonly limit: number; readonly offset: number },
): Promise<AlertView[]> {
  const { rows } = await sql<AlertView>`
    select a.id, a.organization_id as "organizationId", a.connection_id as "connectionId", a.connector,
      c.name as "connectionName", a.kind, a.detail, a.raised_at as "raisedAt", a.cleared_at as "clearedAt", m.messages
    from sync_alerts a
    left join connections c on c.id = a.connection_id and c.organization_id = a.organization_id
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object(
        'event', d.event, 'status', d.status, 'attempts', d.attempts,
        'nextAttemptAt', case when d.status = 'pending' then ${utc('d.next_attempt_at')} end,
        'errorCode', d.error_code, 'httpStatus', d.http_status, 'endedAt', ${utc('d.ended_at')}
      ) order by d.created_at), '[]') as messages
      from sync_alert_deliveries d where d.alert_id = a.id) as m
    where ${matching(organizationId, filter)}
    order by a.raised_at desc, a.id
    limit ${page.limit} offset ${page.offset}`.execute(db);
  return rows;
}

export async function countAlerts(db: Db, organizationId: string, filter: AlertFilter): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from sync_alerts a where ${matching(organizationId, filter)}`.execute(db);
  return rows[0]?.count ?? 0;
}

function matching(organizationId: string, { state, kind, connectionId }: AlertFilter): RawBuilder<boolean> {
  return sql.join(
    [
      sql`a.organization_id = ${organizationId}`,
      ...(state === 'all' ? [] : [state === 'open' ? sql`a.cleared_at is null` : sql`a.cleared_at is not null`]),
      ...(kind === undefined ? [] : [sql`a.kind = ${kind}`]),
      ...(connectionId === undefined ? [] : [sql`a.connection_id = ${connectionId}::uuid`]),
    ],
    sql` and `,
  );
}

const utc = (column: string) => sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
