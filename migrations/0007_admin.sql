-- What people who run Syncline look at and clear away: the view sync_logs, retention, who did what from where.
-- Locks: ACCESS EXCLUSIVE on audit_log and connections for a moment (columns without a rewrite); sync_jobs,
-- sync_failed_items, sync_schedule_runs and audit_log can be read but not written while their indexes are built.

-- The guide has a table of this name. Somebody's history is not ours to rename or to drop.
do $$
begin
  if to_regclass(format('%I.sync_logs', current_schema())) is not null then
    raise exception 'there is a table or view sync_logs already, and Syncline needs the name. Keep yours under another one, then migrate again: alter table sync_logs rename to sync_logs_before';
  end if;
end $$;

-- The history in the guide's columns and words, in the guide's order; what Syncline knows beyond comes after them.
-- started_at is never null: a sync that waits in its queue counts from when it was asked for. triggered_by says how
-- somebody came in, or names the schedules; it is no user's id.
create view sync_logs as
select
  j.id,
  j.sync_type,
  case j.status when 'succeeded' then 'success' when 'failed' then 'error' when 'queued' then 'running' else j.status
    end as status,
  coalesce(j.started_at, j.created_at) as started_at,
  j.ended_at as completed_at,
  r.records_processed,
  r.records_created,
  r.records_updated,
  j.error_message,
  jsonb_build_object('selection', j.selection, 'entities', r.entities) as details,
  j.triggered_by,
  j.organization_id,
  j.connection_id,
  j.created_at,
  case when j.status in ('queued', 'running') then j.status else 'ended' end as phase,
  j.mode,
  j.trigger,
  j.cancelled_by,
  j.error_code,
  r.records_unchanged,
  r.records_failed,
  r.records_deleted
from sync_jobs j
cross join lateral (
  select
    coalesce(sum(p.records_read), 0)::bigint as records_processed,
    coalesce(sum(p.records_created), 0)::bigint as records_created,
    coalesce(sum(p.records_updated), 0)::bigint as records_updated,
    coalesce(sum(p.records_unchanged), 0)::bigint as records_unchanged,
    coalesce(sum(p.records_failed), 0)::bigint as records_failed,
    coalesce(sum(p.records_deleted), 0)::bigint as records_deleted,
    coalesce(jsonb_agg(jsonb_build_object(
      'entity', p.entity,
      'status', case p.status when 'succeeded' then 'success' when 'failed' then 'error' else p.status end,
      'mode', p.mode,
      -- Why it was read in full although an incremental sync was asked for: no watermark, or one that is too old.
      'mode_reason', p.mode_reason,
      'pages', p.pages,
      -- As apps/api/src/routes/entity-percent.ts has it: null while nobody knows how much there is.
      'percent', case
        when p.status = 'succeeded' then 100
        when coalesce(p.records_expected, 0) <= 0 then null
        else least(case p.status when 'partial' then 100 else 99 end, 100 * p.records_read / p.records_expected) end,
      'records_expected', p.records_expected,
      'records_processed', p.records_read,
      'records_created', p.records_created,
      'records_updated', p.records_updated,
      'records_unchanged', p.records_unchanged,
      'records_failed', p.records_failed,
      'records_deleted', p.records_deleted,
      'waiting_for', p.waiting_for,
      'waiting_until', to_char(p.waiting_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'error_code', p.error_code,
      'error_message', p.error_message
    ) order by p.position), '[]') as entities
  from sync_progress p
  where p.sync_job_id = j.id
) r;

-- Whoever asks the view sees the rows that he may see of the tables (from Postgres 15 on).
do $$
begin
  if current_setting('server_version_num')::integer >= 150000 then
    execute 'alter view sync_logs set (security_invoker = true)';
  end if;
end $$;

-- A connection's history, for its status and its statistics.
create index sync_jobs_by_connection on sync_jobs (connection_id, created_at desc);

-- From where somebody did something: the address of the connection to the API.
alter table audit_log add column address text;

-- Whether tokens can be renewed. A failure is counted until a renewal works.
alter table connections
  add column tokens_renewed_at timestamptz,
  add column token_failures integer not null default 0,
  add column token_failed_at timestamptz,
  add column token_error_code text;

-- Retention finds what is old by these; without the two on sync_job_id each job that goes would cost a reading of the
-- whole table that refers to it.
create index sync_jobs_by_end on sync_jobs (ended_at) where ended_at is not null;
create index sync_schedule_runs_by_age on sync_schedule_runs (created_at);
create index audit_log_by_age on audit_log (created_at);
create index sync_failed_items_by_job on sync_failed_items (sync_job_id) where sync_job_id is not null;
create index sync_schedule_runs_by_job on sync_schedule_runs (sync_job_id) where sync_job_id is not null;

-- Clears away what is old: of one organization, or of all. At most `at_most` jobs, items, schedule runs and audit
-- entries in one call, the oldest first: call it again until it deletes nothing.
--
-- Parameters  days_to_keep  1 to 36500; what ended longer ago goes. Entries of the audit log stay for a year at least.
-- Result      a row for each table: how many rows went.
-- Never goes  what is live; failed items that are not resolved (they outlive their job); sync_state; the last run of a
--             schedule; jobs whose scan still decides over deletes (sync_scans), because the proof that it was whole
--             lies in their progress.
-- Errors      22023 when a parameter is out of bounds.
-- Locks       the rows that go, and unresolved items of jobs that go, in the order that everybody keeps. What somebody
--             else holds is passed over, and goes another time.
create function cleanup_old_sync_data(
  days_to_keep integer default 90,
  organization uuid default null,
  at_most integer default 5000
)
returns table (table_name text, deleted bigint)
language plpgsql
as $$
declare
  cutoff timestamptz;
  doomed uuid[];
begin
  if days_to_keep is null or days_to_keep not between 1 and 36500 then
    raise exception 'days_to_keep has to be from 1 to 36500, not %', coalesce(days_to_keep::text, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  if at_most is null or at_most < 1 then
    raise exception 'at_most has to be 1 or more, not %', coalesce(at_most::text, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  cutoff := now() - make_interval(days => days_to_keep);

  doomed := array(
    select j.id from sync_jobs j
    where j.ended_at < cutoff and j.status not in ('queued', 'running')
      and (organization is null or j.organization_id = organization)
      and not exists (
        select from sync_progress p join sync_scans s on s.id = p.scan_id where p.sync_job_id = j.id)
    order by j.ended_at limit at_most
    for update of j skip locked);
  perform from sync_failed_items f where f.sync_job_id = any(doomed) order by f.vendor_id, f.id for update;

  table_name := 'sync_progress';
  delete from sync_progress p where p.sync_job_id = any(doomed);
  get diagnostics deleted = row_count;
  return next;

  table_name := 'sync_jobs';
  delete from sync_jobs j where j.id = any(doomed);
  get diagnostics deleted = row_count;
  return next;

  table_name := 'sync_failed_items';
  delete from sync_failed_items f where f.id in (
    select o.id from sync_failed_items o
    where o.status = 'resolved' and o.resolved_at < cutoff
      and (organization is null or o.organization_id = organization)
    order by o.resolved_at limit at_most
    for update skip locked);
  get diagnostics deleted = row_count;
  return next;

  table_name := 'sync_schedule_runs';
  delete from sync_schedule_runs r where (r.schedule_id, r.due_at) in (
    select o.schedule_id, o.due_at from sync_schedule_runs o
    join sync_schedules s on s.id = o.schedule_id
    where o.created_at < cutoff and o.due_at is distinct from s.last_due_at
      and (organization is null or o.organization_id = organization)
    order by o.created_at limit at_most
    for update of o skip locked);
  get diagnostics deleted = row_count;
  return next;

  table_name := 'audit_log';
  delete from audit_log a where a.id in (
    select o.id from audit_log o
    where o.created_at < least(cutoff, now() - interval '365 days')
      and (organization is null or o.organization_id = organization)
    order by o.created_at limit at_most
    for update skip locked);
  get diagnostics deleted = row_count;
  return next;
end $$;
