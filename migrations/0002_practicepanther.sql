-- PracticePanther's tables, in the user's words (exchanges are matters). Column sets follow the declarations in
-- packages/connectors/practicepanther; a test compares the two.
-- Vendor ids are kept beside the resolved links, so that a record written before its parent is linked when that arrives.
-- organization_id and connection_id have no foreign keys: the rows are the user's, and may outlive the connection.
-- If not exists: a table of the user's own is there already where `syncline adopt` has made it fit; anywhere else the
-- migrator stops before this file when there is one.
-- Locks: creates only.

create table if not exists accounts (
  id                uuid primary key default gen_random_uuid(),
  organization_id   uuid not null,
  connection_id     uuid not null,
  pp_account_id     text not null,
  display_name      text,
  company_name      text,
  number            text,
  address           jsonb,
  tags              jsonb,
  notes             text,
  pp_data           jsonb not null,
  sync_flags        jsonb,
  source_updated_at timestamptz,
  last_sync_at      timestamptz not null default now(),
  deleted_at        timestamptz,
  unique (connection_id, pp_account_id)
);

create table if not exists contacts (
  id                uuid primary key default gen_random_uuid(),
  organization_id   uuid not null,
  connection_id     uuid not null,
  pp_contact_id     text not null,
  pp_account_id     text,
  account_id        uuid references accounts (id) on delete set null,
  is_primary        boolean,
  first_name        text,
  last_name         text,
  email             text,
  phone             text,
  company           text,
  address           jsonb,
  status            text,
  pp_data           jsonb not null,
  sync_flags        jsonb,
  source_updated_at timestamptz,
  last_sync_at      timestamptz not null default now(),
  deleted_at        timestamptz,
  unique (connection_id, pp_contact_id)
);
create index contacts_by_account on contacts (connection_id, pp_account_id);

create table if not exists exchanges (
  id                uuid primary key default gen_random_uuid(),
  organization_id   uuid not null,
  connection_id     uuid not null,
  pp_matter_id      text not null,
  pp_account_id     text,
  account_id        uuid references accounts (id) on delete set null,
  client_id         uuid references contacts (id) on delete set null,
  name              text,
  status            text,
  start_date        timestamptz,
  close_date        timestamptz,
  exchange_value    numeric,
  notes             text,
  pp_data           jsonb not null,
  sync_flags        jsonb,
  source_updated_at timestamptz,
  last_sync_at      timestamptz not null default now(),
  deleted_at        timestamptz,
  unique (connection_id, pp_matter_id)
);
create index exchanges_by_account on exchanges (connection_id, pp_account_id);
-- Finds the exchanges of a contact that is no longer the primary one.
create index exchanges_by_client on exchanges (client_id);

create table if not exists tasks (
  id                uuid primary key default gen_random_uuid(),
  organization_id   uuid not null,
  connection_id     uuid not null,
  pp_task_id        text not null,
  pp_matter_id      text,
  pp_account_id     text,
  exchange_id       uuid references exchanges (id) on delete set null,
  account_id        uuid references accounts (id) on delete set null,
  title             text,
  description       text,
  status            text,
  priority          text,
  due_date          timestamptz,
  pp_data           jsonb not null,
  sync_flags        jsonb,
  source_updated_at timestamptz,
  last_sync_at      timestamptz not null default now(),
  deleted_at        timestamptz,
  unique (connection_id, pp_task_id)
);
create index tasks_by_matter on tasks (connection_id, pp_matter_id);
create index tasks_by_account on tasks (connection_id, pp_account_id);
