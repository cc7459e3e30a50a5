-- Verifications: the vendor's records held against the rows, without writing any of them.
-- Locks: ACCESS EXCLUSIVE on sync_schedules and sync_alerts for a moment (checks over few rows); else creates only.

create table verifications (
  id               uuid primary key default gen_random_uuid(),
  organization_id  uuid not null references organizations (id) on delete cascade,
  connection_id    uuid not null references connections (id) on delete cascade,
  trigger          text not null check (trigger in ('manual', 'schedule')),
  triggered_by     text,
  -- done: every entity was compared, whatever was found.
  status           text not null default 'queued' check (status in ('queued', 'running', 'done', 'failed', 'cancelled')),
  -- The fencing token: each turn takes a new one, and writes only under it.
  epoch            integer not null default 0,
  -- Failures in a row, without a page in between.
  attempts         integer not null default 0,
  -- What it rests for, and until when.
  waiting_for      text,
  due_at           timestamptz not null default now(),
  error_code       text,
  error_message    text,
  -- What became of the order to repair what was found. Null: nobody gave it.
  repair           text check (repair in ('asked', 'done', 'failed')),
  repair_by        text,
  repair_error     text,
  repair_ended_at  timestamptz,
  created_at       timestamptz not null default now(),
  started_at       timestamptz,
  ended_at         timestamptz
);
-- Invariant: one at a time for a connection, its repair included.
create unique index verifications_one_live on verifications (connection_id)
  where status in ('queued', 'running') or repair = 'asked';
create index verifications_by_connection on verifications (organization_id, connection_id, created_at desc);

create table verification_entities (
  verification_id  uuid not null references verifications (id) on delete cascade,
  entity           text not null,
  organization_id  uuid not null references organizations (id) on delete cascade,
  -- In the order in which they are read.
  position         integer not null,
  -- reading: the vendor's pages. checking: rows as a whole, and records that are asked for again.
  status           text not null default 'pending' check (status in ('pending', 'reading', 'checking', 'done')),
  -- Where the next page starts; null at the beginning and after the last one.
  cursor           jsonb,
  pages            integer not null default 0,
  all_pages_read   boolean not null default false,
  -- Records of the vendor's lists; of them those that cannot be understood or stored, and those without a readable id.
  records          bigint not null default 0,
  unreadable       bigint not null default 0,
  unnamed          bigint not null default 0,
  -- What looked like a finding and was none: written since it was compared; changed since the watermark, so that the next
  -- sync brings it; not so any more when it was asked for again.
  moved            bigint not null default 0,
  not_due          bigint not null default 0,
  dismissed        bigint not null default 0,
  -- Live rows of the table, when the pages had been read.
  rows_stored      bigint,
  -- One for each bucket of ids: {bucket, vendor: {records, checksum}, stored: {…}}.
  buckets          jsonb,
  -- Records that were asked for again one by one, chosen by chance. Null: the vendor does not hand them out so.
  sampled          integer,
  -- The sync that repairs it.
  repair_job_id    uuid references sync_jobs (id) on delete set null,
  repaired         boolean not null default false,
  started_at       timestamptz,
  ended_at         timestamptz,
  primary key (verification_id, entity)
);

-- What the pages of an entity held, until it is done: ids, and a checksum of the row as a sync would leave it (null: the
-- record cannot be stored). A later page's word about an id counts.
create table verification_pages (
  verification_id  uuid not null references verifications (id) on delete cascade,
  entity           text not null,
  pages_before     integer not null,
  organization_id  uuid not null references organizations (id) on delete cascade,
  vendor_ids       text[] not null,
  checksums        bigint[] not null,
  primary key (verification_id, entity, pages_before)
);

-- No contents: names of columns, and times.
create table verification_findings (
  verification_id    uuid not null references verifications (id) on delete cascade,
  entity             text not null,
  vendor_id          text not null,
  organization_id    uuid not null references organizations (id) on delete cascade,
  -- missing: no live row. extra: a live row of a record that the vendor does not have. stale: the row is of an older
  -- version. different: it is of the same version and says something else.
  kind               text not null check (kind in ('missing', 'extra', 'stale', 'different')),
  -- Columns that differ.
  fields             text[] not null default '{}',
  -- A code of the catalogue, where the record cannot be stored.
  reason             text,
  vendor_updated_at  timestamptz,
  stored_updated_at  timestamptz,
  -- last_sync_at of the row it was found in: every write moves it. Null: no row.
  row_at             timestamptz,
  -- The record was asked for by its id, and it is so.
  confirmed          boolean not null default false,
  primary key (verification_id, entity, vendor_id)
);
create index verification_findings_by_kind on verification_findings (verification_id, entity, kind, vendor_id);

-- What the last one of a connection found is an alert, until it is repaired or a later one finds nothing.
alter table sync_alerts drop constraint sync_alerts_kind_check;
alter table sync_alerts add constraint sync_alerts_kind_check
  check (kind in ('failures', 'slow', 'stale', 'needs_reauth', 'webhook_silent', 'differences'));

-- A schedule may order one instead of a sync.
alter table sync_schedules drop constraint sync_schedules_mode_check;
alter table sync_schedules add constraint sync_schedules_mode_check check (mode in ('full', 'incremental', 'verify'));

alter table verifications enable row level security;
alter table verification_entities enable row level security;
alter table verification_pages enable row level security;
alter table verification_findings enable row level security;
