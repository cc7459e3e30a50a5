-- Schedules: when syncs start by themselves. These rows are the truth; the job schedulers in Redis are made from them
-- and can be lost.
-- Locks: ACCESS EXCLUSIVE on connections for a moment; a column is added without rewriting a row.

-- The connector's default schedules that were made for the connection, by name: each is made once, so that one that
-- was deleted or changed stays so.
alter table connections add column default_schedules text[] not null default '{}';

create table sync_schedules (
  id               uuid primary key default gen_random_uuid(),
  organization_id  uuid not null references organizations (id),
  connection_id    uuid not null references connections (id) on delete cascade,
  name             text not null check (char_length(name) between 1 and 60),
  -- One of the two. Cron: five fields, in the time zone. Interval: counted from the epoch, moved by a share of it that
  -- is the connection's own (packages/engine/src/schedules/timing.ts).
  cron             text,
  interval_seconds integer check (interval_seconds between 60 and 2678400),
  time_zone        text not null default 'UTC',
  -- Entities to sync, with what they depend on; none: all.
  entities         text[] not null default '{}',
  mode             text not null check (mode in ('full', 'incremental')),
  enabled          boolean not null default true,
  -- The slot that comes next, or the oldest that was missed. Whoever moves it holds the row's lock.
  next_due_at      timestamptz,
  last_due_at      timestamptz,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  unique (connection_id, name),
  check ((cron is null) <> (interval_seconds is null)),
  check (enabled = (next_due_at is not null))
);
create index sync_schedules_due on sync_schedules (next_due_at) where enabled;
create index sync_schedules_by_organization on sync_schedules (organization_id);

-- What came of each slot: one row, whoever noticed it, and however often.
create table sync_schedule_runs (
  schedule_id      uuid not null references sync_schedules (id) on delete cascade,
  due_at           timestamptz not null,
  organization_id  uuid not null references organizations (id),
  -- started: made a job. merged: its entities went into the job of another schedule that was due with it.
  -- skipped: the connection was busy, paused or stopped. failed: no job could be made of it.
  outcome          text not null check (outcome in ('started', 'merged', 'skipped', 'failed')),
  sync_job_id      uuid references sync_jobs (id) on delete set null,
  -- Why it was skipped or failed: a code of the catalogue, and words.
  code             text,
  detail           text,
  created_at       timestamptz not null default now(),
  primary key (schedule_id, due_at)
);
