-- What Syncline keeps about itself. Every row belongs to one organization.
-- Locks: creates only; nothing existing is touched.

create table organizations (
  id         uuid primary key default gen_random_uuid(),
  slug       text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name       text not null,
  created_at timestamptz not null default now()
);

-- One organization's credentials and settings for one connector.
create table connections (
  id                    uuid primary key default gen_random_uuid(),
  organization_id       uuid not null references organizations (id),
  connector             text not null,
  name                  text not null,
  status                text not null default 'active' check (status in ('active', 'paused', 'needs_reauth', 'error')),
  status_reason         text,
  settings              jsonb not null default '{}',
  -- AES-256-GCM envelopes (packages/store/src/vault): what the operator gave, and the tokens got with it. The key id is
  -- stored beside each so that keys can rotate; organization, connection and purpose are bound in as additional data.
  credentials           bytea,
  credentials_key_id    text,
  tokens                bytea,
  tokens_key_id         text,
  -- Single flight for token refreshes: a lease by this server's clock. No transaction is open while a vendor is asked.
  token_lease_holder    uuid,
  token_lease_until     timestamptz,
  created_at            timestamptz not null default now(),
  updated_at            timestamptz not null default now(),
  unique (organization_id, connector, name)
);

-- One run over one connection.
create table sync_jobs (
  id               uuid primary key default gen_random_uuid(),
  organization_id  uuid not null references organizations (id),
  connection_id    uuid not null references connections (id) on delete cascade,
  sync_type        text not null,
  mode             text not null check (mode in ('full', 'incremental', 'backfill')),
  trigger          text not null check (trigger in ('manual', 'schedule', 'webhook', 'recovery')),
  triggered_by     text,
  status           text not null default 'queued'
                   check (status in ('queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled')),
  -- Counts how often the flow was laid out for BullMQ: the ids of its nodes carry it, so that no node is met twice.
  flow_round       integer not null default 0,
  error_code       text,
  error_message    text,
  created_at       timestamptz not null default now(),
  started_at       timestamptz,
  ended_at         timestamptz
);
-- Invariant: one job a connection at a time. A second trigger runs into this index.
create unique index sync_jobs_one_live on sync_jobs (connection_id) where status in ('queued', 'running');
create index sync_jobs_history on sync_jobs (organization_id, created_at desc);

-- One entity's part of a job. The row is also the fence: whoever starts the entity run raises `epoch`, and a page is
-- only committed by the holder of the current one.
create table sync_progress (
  sync_job_id      uuid not null references sync_jobs (id) on delete cascade,
  entity           text not null,
  organization_id  uuid not null references organizations (id),
  connection_id    uuid not null references connections (id) on delete cascade,
  position         integer not null,
  status           text not null default 'pending'
                   check (status in ('pending', 'running', 'succeeded', 'partial', 'failed', 'skipped', 'cancelled')),
  mode             text not null check (mode in ('full', 'incremental', 'backfill')),
  mode_reason      text,
  epoch            integer not null default 0,
  worker           uuid,
  heartbeat_at     timestamptz,
  -- Where the run stands: the vendor's cursor for the next page, and the bounds of the run.
  cursor           jsonb,
  lower_bound      timestamptz,
  upper_bound      timestamptz,
  pages            integer not null default 0,
  all_pages_read   boolean not null default false,
  records_expected bigint,
  records_read     bigint not null default 0,
  records_created  bigint not null default 0,
  records_updated  bigint not null default 0,
  records_unchanged bigint not null default 0,
  records_failed   bigint not null default 0,
  error_code       text,
  error_message    text,
  waiting_for      text,
  waiting_until    timestamptz,
  started_at       timestamptz,
  ended_at         timestamptz,
  primary key (sync_job_id, entity),
  -- Every record read has exactly one outcome.
  check (records_read = records_created + records_updated + records_unchanged + records_failed)
);

-- Up to when an entity is known complete, and where a run that was cut short goes on.
create table sync_state (
  connection_id    uuid not null references connections (id) on delete cascade,
  entity           text not null,
  organization_id  uuid not null references organizations (id),
  watermark        timestamptz,
  last_full_at     timestamptz,
  last_full_records bigint,
  continuation     jsonb,
  updated_at       timestamptz not null default now(),
  primary key (connection_id, entity)
);

-- What could not be synced, with all that is needed to try again.
create table sync_failed_items (
  id               uuid primary key default gen_random_uuid(),
  organization_id  uuid not null references organizations (id),
  connection_id    uuid not null references connections (id) on delete cascade,
  sync_job_id      uuid references sync_jobs (id) on delete set null,
  entity           text not null,
  kind             text not null check (kind in ('record', 'entity_run')),
  vendor_id        text,
  payload          jsonb,
  error_code       text not null,
  field            text,
  message          text not null,
  attempts         integer not null default 1,
  status           text not null default 'pending' check (status in ('pending', 'retrying', 'resolved', 'dead')),
  next_attempt_at  timestamptz,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  resolved_at      timestamptz
);
-- A record, or an entity run, has at most one open item; failing again counts its attempts up.
create unique index sync_failed_items_open
  on sync_failed_items (connection_id, entity, kind, coalesce(vendor_id, '')) where status <> 'resolved' and
  (vendor_id is not null or kind = 'entity_run');
create index sync_failed_items_by_organization on sync_failed_items (organization_id, created_at desc);
