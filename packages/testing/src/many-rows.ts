import type { Db } from '@syncline/store';
import { sql } from 'kysely';

export interface Many {
  /** Named `account 0001` and so on, of PracticePanther; every tenth is paused, every tenth but one has an open alert. */
  readonly connections: number;
  /** Ended ones, spread over the connections, a minute apart, each with two entity runs. */
  readonly jobs: number;
  /** Open ones, spread over the connections, of six kinds and five fields. */
  readonly failedItems: number;
}

/** Gives an organization a past as long as somebody who has used it for years has. */
export async function addMany(db: Db, organizationId: string, { connections, jobs, failedItems }: Many): Promise<void> {
  await sql`
    insert into connections (organization_id, connector, name, status, settings)
    select ${organizationId}, 'practicepanther', 'account ' || lpad(i::text, 4, '0'),
      case when i % 10 = 0 then 'paused' else 'active' end, '{"baseUrl": "http://127.0.0.1:1/api/v2/"}'
    from generate_series(1, ${connections}) i`.execute(db);
  const numbered = sql`(select id, organization_id, name, row_number() over (order by name) - 1 as n from connections
    where organization_id = ${organizationId} and name like 'account %')`;
  await sql`
    insert into sync_alerts (organization_id, connection_id, connector, kind)
    select organization_id, id, 'practicepanther', 'slow' from ${numbered} c where n % 10 = 0`.execute(db);
  await sql`
    insert into sync_schedules (organization_id, connection_id, name, interval_seconds, mode, next_due_at, created_at)
    select organization_id, id, 'often', 900, 'incremental', now() + interval '5 minutes', now() - interval '2 days'
    from ${numbered} c`.execute(db);
  await sql`
    insert into sync_state (connection_id, entity, organization_id, watermark)
    select c.id, e, organization_id, now() - case when e = 'matters' and n % 2 = 0 then interval '3 hours' else interval '1 minute' end
    from ${numbered} c cross join unnest('{accounts,contacts,matters,tasks}'::text[]) e`.execute(db);
  await sql`
    with made as (
      insert into sync_jobs (organization_id, connection_id, sync_type, mode, trigger, status, created_at, started_at, ended_at)
      select c.organization_id, c.id, 'incremental', case when i % 20 = 0 then 'full' else 'incremental' end,
        case when i % 3 = 0 then 'manual' else 'schedule' end, case when i % 7 = 0 then 'failed' else 'succeeded' end,
        -- Two at each moment: only their ids tell them apart.
        at, at, at + interval '10 seconds'
      from generate_series(0, ${jobs - 1}) i
      join ${numbered} c on c.n = i % ${connections}
      cross join lateral (select date_trunc('minute', now()) - make_interval(mins => 2 + i / 2) as at) t
      returning *)
    insert into sync_progress (sync_job_id, entity, organization_id, connection_id, position, status, mode, records_read,
      records_created, records_failed, started_at, ended_at)
    select id, e.entity, organization_id, connection_id, e.position, 'succeeded', mode, 7, 6, 1, started_at, ended_at
    from made cross join (values ('accounts', 0), ('contacts', 1)) as e (entity, position)`.execute(db);
  await sql`
    insert into sync_failed_items (organization_id, connection_id, entity, kind, vendor_id, payload, error_code, field,
      message, status, created_at)
    select c.organization_id, c.id, 'contacts', 'record', i::text, jsonb_build_object('id', i, 'note', repeat('x', 500)),
      case when i % 6 < 3 then 'RECORD_INVALID' else 'RECORD_UNSTORABLE' end, 'field_' || i % 5, 'record ' || i || ' is odd',
      case when i % 2 = 0 then 'pending' else 'dead' end, now() - make_interval(secs => i)
    from generate_series(0, ${failedItems - 1}) i
    join ${numbered} c on c.n = i % ${connections}`.execute(db);
  for (const table of [
    'connections',
    'sync_jobs',
    'sync_progress',
    'sync_failed_items',
    'sync_schedules',
    'sync_state',
  ]) {
    await sql`vacuum analyze ${sql.table(table)}`.execute(db);
  }
}
