import { sql } from 'kysely';

/**
 * A select of connections whose data went back in time with a restored backup, and whose full lists were not read since:
 * an incremental sync brings what the vendor changed meanwhile, and cannot know what it deleted.
 */
export const restored = sql`
  select c.organization_id, c.id, c.connector, 'restored', jsonb_build_object(
    'lostFrom', to_char(r.lost_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'lostUntil', to_char(r.lost_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'entities', s.entities)
  from (
    select min(lost_from) as lost_from, max(lost_until) as lost_until, max(noticed_at) as noticed_at
    from syncline_restorations) as r
  join connections c on c.created_at < r.noticed_at and c.deleted_at is null
  cross join lateral (
    select jsonb_agg(st.entity order by st.entity) as entities from sync_state st
    where st.connection_id = c.id and st.last_full_at < r.noticed_at) as s
  where s.entities is not null`;
