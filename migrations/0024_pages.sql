-- What the dashboard's pages and its event stream ask for: answers that read the rows they show, and no others.
-- Locks: sync_jobs and sync_progress ACCESS EXCLUSIVE for a moment each, no row is rewritten. sync_failed_items and sync_alerts can be read but not written while their indexes are built, some seconds for a
-- million rows.

-- Open failed items in numbers: by connection, and by what is wrong. Read without the items, which are as long as their
-- payloads: counting a hundred thousand of them would read them all. An index takes no long text, so the names of fields,
-- which a vendor may make up, are cut where they are written, and here once.
update sync_failed_items set field = left(field, 200) where length(field) > 200;
create index sync_failed_items_open_groups
  on sync_failed_items (organization_id, connection_id, entity, kind, error_code, field)
  include (status, created_at, updated_at, id) where status <> 'resolved';
-- Whether anything has changed among them since a moment ago: one step, asked once a second while somebody looks.
create index sync_failed_items_by_change on sync_failed_items (organization_id, updated_at desc);

-- The alerts that are open, among years of those that are not.
create index sync_alerts_open_of_organization on sync_alerts (organization_id, connection_id) where cleared_at is null;

-- What happened to a job, in its order: lines that people read. Written by the triggers below, in the transactions that
-- change a job or a run anyway, so that a line is there if and only if what it tells of is. Goes with its job.
create table sync_job_log (
  id               bigint generated always as identity,
  sync_job_id      uuid not null references sync_jobs (id) on delete cascade,
  -- Of the job, which refers to it: a second look at each line would lock the organization's row in every page.
  organization_id  uuid not null,
  at               timestamptz not null default clock_timestamp(),
  kind             text not null,
  -- Null: it is about the job as a whole.
  entity           text,
  -- How many pages of the entity were committed by then.
  page             integer,
  -- Ids, counts, codes and times; never what a record holds.
  detail           jsonb,
  primary key (sync_job_id, id)
);
alter table sync_job_log enable row level security;

-- A line for each thing that has become of a run. Parameters: the row before and after. Pages are thinned: each of the
-- first ten, then each tenth, each hundredth and so on is told of, with the sums so far, so that nothing is missing from
-- them. Waits, retries and claims: up to 60 lines of a run. Its end always.
-- Locks: none but those of inserting.
create function log_sync_run() returns trigger language plpgsql as $$
declare
  told integer := 0;
begin
  -- As long a number that begins with the same digit is not told of.
  if new.pages > old.pages and (new.pages < 10 or length(new.pages::text) > length(old.pages::text)
      or left(new.pages::text, 1) > left(old.pages::text, 1)) then
    insert into sync_job_log (sync_job_id, organization_id, kind, entity, page, detail)
    values (new.sync_job_id, new.organization_id, 'pages', new.entity, new.pages, jsonb_build_object(
      'read', new.records_read, 'created', new.records_created, 'updated', new.records_updated,
      'unchanged', new.records_unchanged, 'failed', new.records_failed, 'deleted', new.records_deleted));
  end if;
  if new.epoch > old.epoch or new.attempts > old.attempts or new.waiting_for is distinct from old.waiting_for then
    -- By itself: a condition with a question in it would be asked for each page. Before the first claim there is nothing.
    if old.epoch > 0 then
      select count(*) into told from sync_job_log
      where sync_job_id = new.sync_job_id and entity = new.entity and kind in ('claimed', 'retry', 'waits');
    end if;
    if told < 60 and new.epoch > old.epoch and new.status = 'running' then
      insert into sync_job_log (sync_job_id, organization_id, kind, entity, page, detail)
      values (new.sync_job_id, new.organization_id, 'claimed', new.entity, new.pages,
        jsonb_build_object('worker', new.worker, 'mode', new.mode, 'modeReason', new.mode_reason));
    end if;
    if told < 60 and new.attempts > old.attempts then
      insert into sync_job_log (sync_job_id, organization_id, kind, entity, page, detail)
      values (new.sync_job_id, new.organization_id, 'retry', new.entity, new.pages,
        jsonb_build_object('code', new.error_code, 'attempt', new.attempts, 'until', new.waiting_until));
    elsif told < 60 and new.waiting_for is not null and new.waiting_for is distinct from old.waiting_for then
      insert into sync_job_log (sync_job_id, organization_id, kind, entity, page, detail)
      values (new.sync_job_id, new.organization_id, 'waits', new.entity, new.pages,
        jsonb_build_object('for', new.waiting_for, 'until', new.waiting_until));
    end if;
  end if;
  -- A run is cancelled with its job, whose line says it.
  if new.status <> old.status and new.status not in ('pending', 'running', 'cancelled') then
    insert into sync_job_log (sync_job_id, organization_id, kind, entity, page, detail)
    values (new.sync_job_id, new.organization_id, 'entity-ended', new.entity, new.pages, jsonb_build_object(
      'status', new.status, 'code', new.error_code, 'read', new.records_read, 'failed', new.records_failed));
  end if;
  return null;
end $$;
-- After the update: before it, Postgres would lock the row by itself each time. Without a condition, which Postgres would
-- read anew for every statement, at more than the call of the function costs.
create trigger log_sync_run after update on sync_progress for each row execute function log_sync_run();

-- The same for a job: when it was asked for, taken up again, and how it ended.
create function log_sync_job() returns trigger language plpgsql as $$
begin
  insert into sync_job_log (sync_job_id, organization_id, kind, detail)
  values (new.id, new.organization_id,
    case when new.status = 'queued' then 'queued' when new.status = 'running' then 'running' else 'ended' end,
    case when new.status in ('queued', 'running') then
      jsonb_build_object('trigger', new.trigger, 'by', new.triggered_by, 'mode', new.mode, 'syncType', new.sync_type)
    else jsonb_build_object('status', new.status, 'code', new.error_code, 'by', new.cancelled_by) end);
  return null;
end $$;
create trigger log_new_sync_job after insert on sync_jobs for each row execute function log_sync_job();
create trigger log_sync_job after update on sync_jobs for each row
  -- That it runs is told by the first claim of an entity.
  when (new.status <> old.status and not (old.status = 'queued' and new.status = 'running'))
  execute function log_sync_job();
