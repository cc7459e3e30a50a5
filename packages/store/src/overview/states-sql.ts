import { type RawBuilder, sql } from 'kysely';

/**
 * How a connection stands, in one word: the first of these that is so.
 *
 * paused   somebody wanted it so.
 * problem  the vendor refuses its credentials, its last sync failed, or an alert is open.
 * running  a sync is queued or running.
 */
export const connectionStates = ['paused', 'problem', 'running', 'fine'] as const;
export type ConnectionState = (typeof connectionStates)[number];

/**
 * A select of an organization's connections with how they stand: id, connector, name, status, status_reason, open_alerts
 * and state. Two steps through indexes for each connection, and none of its history is read.
 */
export function statesSql(organizationId: string): RawBuilder<unknown> {
  return sql`
    select c.id, c.connector, c.name, c.status, c.status_reason, coalesce(a.open, 0) as open_alerts,
      case
        when c.status = 'paused' then 'paused'
        when c.status in ('needs_reauth', 'error') or a.open is not null then 'problem'
        when exists (select from sync_jobs j where j.connection_id = c.id and j.status in ('queued', 'running'))
          then 'running'
        else 'fine' end as state
    from connections c
    left join (
      select connection_id, count(*) as open from sync_alerts
      where organization_id = ${organizationId} and cleared_at is null
      group by connection_id) as a on a.connection_id = c.id
    where c.organization_id = ${organizationId} and c.deleted_at is null`;
}
