-- The history of a connection: what was before its first syncs, read in windows of a month, newest first, beside them.
-- One row for a connection; which months are left and what is left of the window at hand stand here and not with the
-- jobs, which are cleared away some day.
-- Locks: creates only.

create table history_backfills (
  id               uuid primary key default gen_random_uuid(),
  organization_id  uuid not null references organizations (id) on delete cascade,
  connection_id    uuid not null unique references connections (id) on delete cascade,
  state            text not null default 'running' check (state in ('running', 'paused', 'done')),
  -- Who has paused it.
  paused_by        text,
  -- Months as YYYY-MM. The windows go from `last_month` back to `first_month`; those behind `next_month` are read.
  first_month      text not null check (first_month ~ '^\d{4}-\d{2}$'),
  last_month       text not null check (last_month ~ '^\d{4}-\d{2}$'),
  next_month       text not null check (next_month ~ '^\d{4}-\d{2}$'),
  -- What is left of the window that was begun: entities, and where each goes on. Null: all of it.
  open_runs        jsonb,
  -- The job that reads the window, or that has ended and whose end was not looked at yet.
  sync_job_id      uuid references sync_jobs (id) on delete set null,
  -- What the window at hand has taken in jobs that have ended, and what the last windows took as a whole.
  window_seconds   double precision not null default 0,
  recent_seconds   double precision[] not null default '{}',
  -- Of jobs that have ended, since the history was begun.
  records_read      bigint not null default 0,
  records_created   bigint not null default 0,
  records_updated   bigint not null default 0,
  records_unchanged bigint not null default 0,
  records_failed    bigint not null default 0,
  records_deleted   bigint not null default 0,
  -- Failures in a row, without a page in between.
  attempts         integer not null default 0,
  next_attempt_at  timestamptz,
  error_code       text,
  error_message    text,
  failed_at        timestamptz,
  -- A full sync that has read everything since then makes it done.
  begun_at         timestamptz not null default now(),
  ended_at         timestamptz,
  updated_at       timestamptz not null default now()
);
-- For the clearing away of jobs.
create index history_backfills_job on history_backfills (sync_job_id) where sync_job_id is not null;

alter table history_backfills enable row level security;
