-- PracticePanther's other entities: users, custom fields, notes, emails, events, time entries. Column sets follow the
-- declarations in packages/connectors/practicepanther; a test compares the two. See 0002 for what all tables share.
-- Locks: creates only; the foreign keys lock exchanges, accounts and pp_users for a moment against writes.

-- Not `users`: applications keep their own logins under that name, and a synced row must never look like one of them.
create table if not exists pp_users (
  id                uuid primary key default gen_random_uuid(),
  organization_id   uuid not null,
  connection_id     uuid not null,
  pp_user_id        text not null,
  display_name      text,
  first_name        text,
  middle_name       text,
  last_name         text,
  email             text,
  is_active         boolean,
  pp_data           jsonb not null,
  sync_flags        jsonb,
  source_updated_at timestamptz,
  last_sync_at      timestamptz not null default now(),
  deleted_at        timestamptz,
  unique (connection_id, pp_user_id)
);

create table if not exists custom_fields (
  id                 uuid primary key default gen_random_uuid(),
  organization_id    uuid not null,
  connection_id      uuid not null,
  pp_custom_field_id text not null,
  -- company, matter or contact: what the field describes.
  scope              text,
  label              text,
  value_type         text,
  dropdown_values    jsonb,
  help_text          text,
  tooltip            text,
  pp_data            jsonb not null,
  sync_flags         jsonb,
  source_updated_at  timestamptz,
  last_sync_at       timestamptz not null default now(),
  deleted_at         timestamptz,
  unique (connection_id, pp_custom_field_id)
);

create table if not exists notes (
  id                uuid primary key default gen_random_uuid(),
  organization_id   uuid not null,
  connection_id     uuid not null,
  pp_note_id        text not null,
  pp_matter_id      text,
  pp_account_id     text,
  exchange_id       uuid references exchanges (id) on delete set null,
  account_id        uuid references accounts (id) on delete set null,
  subject           text,
  body              text,
  noted_at          timestamptz,
  assigned_to       jsonb,
  tags              jsonb,
  pp_data           jsonb not null,
  sync_flags        jsonb,
  source_updated_at timestamptz,
  last_sync_at      timestamptz not null default now(),
  deleted_at        timestamptz,
  unique (connection_id, pp_note_id)
);
create index notes_by_matter on notes (connection_id, pp_matter_id);
create index notes_by_account on notes (connection_id, pp_account_id);

create table if not exists emails (
  id                  uuid primary key default gen_random_uuid(),
  organization_id     uuid not null,
  connection_id       uuid not null,
  pp_email_id         text not null,
  pp_matter_id        text,
  pp_account_id       text,
  exchange_id         uuid references exchanges (id) on delete set null,
  account_id          uuid references accounts (id) on delete set null,
  subject             text,
  from_address        text,
  from_name           text,
  to_addresses        jsonb,
  cc_addresses        jsonb,
  body_text           text,
  -- Null: nobody asked for it. Empty: there is none.
  body_html           text,
  sent_at             timestamptz,
  attachments         jsonb,
  tags                jsonb,
  external_message_id text,
  external_thread_id  text,
  pp_data             jsonb not null,
  sync_flags          jsonb,
  source_updated_at   timestamptz,
  last_sync_at        timestamptz not null default now(),
  deleted_at          timestamptz,
  unique (connection_id, pp_email_id)
);
create index emails_by_matter on emails (connection_id, pp_matter_id);
create index emails_by_account on emails (connection_id, pp_account_id);

-- Lists of emails leave the body out, and asking for each costs a request. So most emails of a full sync come without
-- one, which must not take away the body that was read when the email came. And an email that differs in nothing else
-- is not written again: it counts as unchanged.
create function keep_email_body() returns trigger language plpgsql as $$
declare
  same record;
begin
  new.body_html := old.body_html;
  same := new;
  same.last_sync_at := old.last_sync_at;
  if same is not distinct from old then return null; end if;
  return new;
end $$;
create trigger keep_email_body before update on emails
  for each row when (new.body_html is null and old.body_html is not null) execute function keep_email_body();

create table if not exists events (
  id                uuid primary key default gen_random_uuid(),
  organization_id   uuid not null,
  connection_id     uuid not null,
  pp_event_id       text not null,
  pp_matter_id      text,
  pp_account_id     text,
  exchange_id       uuid references exchanges (id) on delete set null,
  account_id        uuid references accounts (id) on delete set null,
  subject           text,
  location          text,
  notes             text,
  is_all_day        boolean,
  starts_at         timestamptz,
  ends_at           timestamptz,
  assigned_to       jsonb,
  assigned_contacts jsonb,
  tags              jsonb,
  pp_data           jsonb not null,
  sync_flags        jsonb,
  source_updated_at timestamptz,
  last_sync_at      timestamptz not null default now(),
  deleted_at        timestamptz,
  unique (connection_id, pp_event_id)
);
create index events_by_matter on events (connection_id, pp_matter_id);
create index events_by_account on events (connection_id, pp_account_id);
create index events_by_start on events (starts_at);

-- What begins within the next thirty days. A view, and not a filter while reading: what is moved out of these days, or
-- into them, has to arrive as well.
create view upcoming_events as
select * from events
where deleted_at is null and starts_at >= now() and starts_at < now() + interval '30 days';

-- Whoever asks the view sees the rows that he may see of the table. Postgres 14 does not have that; there the view is
-- its owner's.
do $$
begin
  if current_setting('server_version_num')::integer >= 150000 then
    execute 'alter view upcoming_events set (security_invoker = true)';
  end if;
end $$;

create table if not exists time_entries (
  id                uuid primary key default gen_random_uuid(),
  organization_id   uuid not null,
  connection_id     uuid not null,
  pp_time_entry_id  text not null,
  pp_matter_id      text,
  pp_account_id     text,
  pp_user_id        text,
  exchange_id       uuid references exchanges (id) on delete set null,
  account_id        uuid references accounts (id) on delete set null,
  user_id           uuid references pp_users (id) on delete set null,
  entry_date        timestamptz,
  hours             numeric,
  rate              numeric,
  is_billable       boolean,
  is_billed         boolean,
  description       text,
  private_notes     text,
  pp_item_id        text,
  item_name         text,
  task_code         text,
  pp_data           jsonb not null,
  sync_flags        jsonb,
  source_updated_at timestamptz,
  last_sync_at      timestamptz not null default now(),
  deleted_at        timestamptz,
  unique (connection_id, pp_time_entry_id)
);
create index time_entries_by_matter on time_entries (connection_id, pp_matter_id);
create index time_entries_by_account on time_entries (connection_id, pp_account_id);
create index time_entries_by_user on time_entries (connection_id, pp_user_id);
