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
  -- The reading of a whole list that the run is part of (sync_scans), and how many pages the run had when that began.
  -- No foreign key: a scan goes when nobody needs it any more, the run's history stays.
  add column scan_id uuid,
  add column scan_from_page integer not null default 0,
  -- Rows that the run's sweep marked as deleted. Not records that were read, so not part of records_read.
  add column records_deleted bigint not null default 0;
create index sync_progress_by_scan on sync_progress (scan_id) where scan_id is not null;

-- One reading of a whole list, over all the jobs it takes. The row stands as long as what was seen may still decide over
-- deletes: it goes with the sweep, or when another scan of the entity begins. A run whose scan is gone sweeps nothing.
-- Whoever notes ids, begins a scan or sweeps locks rows of this table: a sweep never overlaps a page of a scan.
create table sync_scans (
  id               uuid primary key default gen_random_uuid(),
  organization_id  uuid not null references organizations (id),
  connection_id    uuid not null references connections (id) on delete cascade,
  entity           text not null,
  -- By this server's clock. Rows written since are no candidates, whether the list had them or not.
  started_at       timestamptz not null default now(),
  -- Its sweep waits for somebody's word: it is kept then, although other scans begin.
  held_at          timestamptz
);
create index sync_scans_by_entity on sync_scans (connection_id, entity);

-- The vendor ids that a scan has met, an array for each commit: one wide row instead of hundreds of narrow ones.
create table sync_seen (
  scan_id          uuid not null references sync_scans (id) on delete cascade,
  organization_id  uuid not null references organizations (id),
  -- The commit: its run's job, the pages of the run that were committed before, and how many it has itself. A scan is
  -- whole when these add up to the pages of its runs.
  sync_job_id      uuid not null,
  pages_before     integer not null,
  pages            integer not null,
  vendor_ids       text[] not null,
  -- Records without a readable id: each could be any row.
  unnamed          integer not null,
  primary key (scan_id, sync_job_id, pages_before)
);
-- Ids hardly compress, and trying would cost more than the insert itself.
alter table sync_seen alter column vendor_ids set storage external;

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
-- What an entity has open, and of that what is due.
create index sync_failed_items_unresolved
  on sync_failed_items (connection_id, entity, next_attempt_at) where status <> 'resolved';
-- Resolved items are cleared away some time after.
create index sync_failed_items_resolved on sync_failed_items (resolved_at) where status = 'resolved';
-- Runs that failed a moment ago, to be held against the failed items they have to have.
create index sync_progress_failed on sync_progress (ended_at) where status = 'failed';

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
