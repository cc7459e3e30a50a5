-- Credentials that are good for one sync only, and how far each entity of a sync is, for people with SQL.
-- Locks: ACCESS EXCLUSIVE on sync_jobs for a moment (a column without a default, a trigger); else creates only.

-- Given: the sync goes by an access of its own, and this is where to. The host and nothing more; it stays in the history.
-- Such a run may be shown less than the connection is: it moves no watermark, and nothing is deleted by what it did not meet.
alter table sync_jobs add column adhoc_host text;

-- That access, sealed like a connection's credentials (packages/store/src/vault), bound to organization and job.
create table job_secrets (
  sync_job_id      uuid primary key references sync_jobs (id) on delete cascade,
  organization_id  uuid not null references organizations (id) on delete cascade,
  connection_id    uuid not null references connections (id) on delete cascade,
  access           bytea not null,
  access_key_id    text not null,
  created_at       timestamptz not null default now()
);
create index job_secrets_by_key on job_secrets (access_key_id);
alter table job_secrets enable row level security;

-- Erases it with the end of the sync, in the same transaction, whoever ends it.
-- Rights as of whoever ends it; locks the row that it deletes.
create function erase_job_secret() returns trigger language plpgsql set search_path from current as $$
begin
  delete from job_secrets s where s.sync_job_id = new.id;
  return null;
end $$;
create trigger erase_job_secret after update of status on sync_jobs
  for each row when (new.status not in ('queued', 'running') and new.adhoc_host is not null)
  execute function erase_job_secret();

-- A sync's entities as phases: how far each is, what it does, and its numbers. Computed; nothing is stored twice.
create view sync_phases as
select p.sync_job_id, p.organization_id, p.connection_id, j.sync_type, j.status as sync_status, p.position,
  p.entity as phase, p.status,
  -- Null while nobody knows how much there is.
  case when p.status = 'succeeded' then 100
    when p.records_expected > 0 then
      least(case when p.status = 'partial' then 100 else 99 end, floor(100.0 * p.records_read / p.records_expected))::int
  end as progress,
  case when p.waiting_for is not null and p.status = 'running' then
      'Waiting: ' || p.waiting_for || coalesce(' until ' || to_char(p.waiting_until at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC', '')
    when p.error_message is not null then p.error_message
    when p.status = 'running' then 'Read ' || p.records_read || coalesce(' of ' || p.records_expected, '')
    else initcap(p.status) end as message,
  jsonb_build_object(
    'fetched', p.records_read, 'new', p.records_created, 'updated', p.records_updated, 'unchanged', p.records_unchanged,
    'failed', p.records_failed, 'deleted', p.records_deleted,
    'durationSeconds', round(extract(epoch from coalesce(p.ended_at, now()) - p.started_at)::numeric, 3)) as metrics,
  p.error_code, p.error_message, p.started_at, p.ended_at as completed_at, p.heartbeat_at as updated_at
from sync_progress p join sync_jobs j on j.id = p.sync_job_id;

-- As in 0008.
do $$
declare
  stranger name;
begin
  if current_setting('server_version_num')::integer >= 150000 then
    alter view sync_phases set (security_invoker = true);
  else
    revoke all on sync_phases from public;
    for stranger in select rolname from pg_roles where rolname in ('anon', 'authenticated') loop
      execute format('revoke all on sync_phases from %I', stranger);
    end loop;
  end if;
end $$;
