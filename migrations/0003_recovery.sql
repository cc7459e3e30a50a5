-- Recovery, control and deletes: what it takes to repair what failed, to stop and go on, and to know who is alive.
-- Locks: ACCESS EXCLUSIVE on the altered tables for a moment each; columns are added without rewriting a row.

-- The emergency stop. While it is set nothing of the organization runs, whatever restarts in between.
alter table organizations
  add column stopped_at timestamptz,
  add column stopped_by text;

alter table sync_jobs add column cancelled_by text;

alter table sync_progress
  -- Failures in a row, without a committed page in between. A run is given up after so many, not after so many in all.
  add column attempts integer not null default 0,
  -- One reading of a whole list, over all the jobs it takes: what it has seen stands in sync_seen under this id.
  add column scan_id uuid,
  add column scan_started_at timestamptz;

-- The vendor ids that a full sync has met, an array for each commit: one wide row instead of hundreds of narrow ones.
-- Kept until the sweep that they are for is through.
create table sync_seen (
  scan_id          uuid not null,
  organization_id  uuid not null references organizations (id),
  connection_id    uuid not null references connections (id) on delete cascade,
  entity           text not null,
  -- Pages of the run that were committed before these, so that a commit that is tried again cannot count twice.
  sync_job_id      uuid not null,
  pages_before     integer not null,
  vendor_ids       text[] not null,
  created_at       timestamptz not null default now(),
  primary key (scan_id, sync_job_id, pages_before)
);
create index sync_seen_by_entity on sync_seen (connection_id, entity);

-- Processes of the fleet, by their random boot ids and by Postgres' clock.
create table workers (
  boot_id     uuid primary key,
  host        text not null,
  pid         integer not null,
  started_at  timestamptz not null default now(),
  seen_at     timestamptz not null default now()
);

-- Duties that one process at a time has: a lease that its holder renews, and that ends by itself with the holder.
create table leases (
  name        text primary key,
  holder      uuid not null,
  held_until  timestamptz not null
);

alter table sync_failed_items
  drop constraint sync_failed_items_kind_check,
  -- job: the last step of a job that was given up. sweep: deletes that wait for somebody's word.
  add constraint sync_failed_items_kind_check check (kind in ('record', 'entity_run', 'job', 'sweep')),
  -- Who is retrying it; by now, if the lease has not ended.
  add column claim uuid,
  add column claimed_until timestamptz,
  -- The payload is an operator's and not the vendor's any more.
  add column payload_edited_at timestamptz,
  add column note text,
  add column resolved_by text;

-- Everything but a record without an id has at most one open item.
drop index sync_failed_items_open;
create unique index sync_failed_items_open
  on sync_failed_items (connection_id, entity, kind, coalesce(vendor_id, ''))
  where status <> 'resolved' and (kind <> 'record' or vendor_id is not null);
create index sync_failed_items_due
  on sync_failed_items (next_attempt_at) where status in ('pending', 'retrying');

-- Who changed what by hand.
create table audit_log (
  id               bigint generated always as identity primary key,
  organization_id  uuid not null references organizations (id),
  actor            text not null,
  action           text not null,
  subject_kind     text not null,
  subject_id       text,
  details          jsonb not null default '{}',
  created_at       timestamptz not null default now()
);
create index audit_log_by_organization on audit_log (organization_id, id desc);

-- Failed items of an organization in numbers, for people with psql and for the API: a row for each connection, entity,
-- kind, error code and status. Without an argument: all organizations.
create function get_failed_items_summary(organization uuid default null)
returns table (
  organization_id  uuid,
  connection_id    uuid,
  entity           text,
  kind             text,
  error_code       text,
  status           text,
  items            bigint,
  attempts         bigint,
  oldest           timestamptz,
  newest           timestamptz,
  next_attempt_at  timestamptz
)
language sql stable
as $$
  select f.organization_id, f.connection_id, f.entity, f.kind, f.error_code, f.status,
    count(*), sum(f.attempts), min(f.created_at), max(f.updated_at), min(f.next_attempt_at)
  from sync_failed_items f
  where organization is null or f.organization_id = organization
  group by f.organization_id, f.connection_id, f.entity, f.kind, f.error_code, f.status
  order by count(*) desc
$$;
