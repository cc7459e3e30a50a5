-- Access: API keys of organizations, and the names by which an organization is known outside.
-- Locks: ACCESS EXCLUSIVE on organizations and connections for a moment; columns are added without rewriting a row.
-- Target tables can be read but not written while their indexes are built.
-- The index on organizations is built over a handful of rows.

-- What an identity provider calls the organization (`org_2xwHi…`): what tokens name it by.
alter table organizations
  add column if not exists external_id text unique check (external_id ~ '^[[:graph:]]{1,200}$');

-- A key as it is kept: enough to recognise it by and to check it, not enough to use it. The secret is 256 random bits,
-- so one round of SHA-256 is as good as any slow hash: there are no likely secrets to try out.
create table if not exists api_keys (
  id               uuid primary key default gen_random_uuid(),
  organization_id  uuid not null references organizations (id),
  name             text not null check (char_length(name) between 1 and 100),
  role             text not null check (role in ('viewer', 'operator', 'admin')),
  -- The part of the key that is shown, and that it is found by.
  prefix           text not null unique,
  secret_hash      bytea not null check (octet_length(secret_hash) = 32),
  created_by       text not null,
  created_at       timestamptz not null default now(),
  -- Written once a minute at most.
  last_used_at     timestamptz,
  expires_at       timestamptz,
  revoked_at       timestamptz,
  revoked_by       text
);
create index if not exists api_keys_by_organization on api_keys (organization_id, created_at);
alter table api_keys enable row level security;

-- A connection that somebody deleted: for the API it is gone at once, and its secrets are. Workers take its rows away,
-- and those of its target tables if that was asked for, batch by batch, the connection's own at last.
alter table connections
  add column if not exists deleted_at timestamptz,
  add column if not exists delete_data boolean not null default false;
create index if not exists connections_deleted on connections (deleted_at) where deleted_at is not null;

-- Whoever deletes rows of a target table makes Postgres look for those that refer to each of them: without an index it
-- reads the whole table that might, once for every row. Only rows that do refer are in it. PracticePanther's are named,
-- because tables that are being adopted have their foreign keys later than their indexes.
create index if not exists contacts_linked_by_account_id on contacts (account_id) where account_id is not null;
create index if not exists exchanges_linked_by_account_id on exchanges (account_id) where account_id is not null;
create index if not exists tasks_linked_by_account_id on tasks (account_id) where account_id is not null;
create index if not exists tasks_linked_by_exchange_id on tasks (exchange_id) where exchange_id is not null;
create index if not exists notes_linked_by_account_id on notes (account_id) where account_id is not null;
create index if not exists notes_linked_by_exchange_id on notes (exchange_id) where exchange_id is not null;
create index if not exists emails_linked_by_account_id on emails (account_id) where account_id is not null;
create index if not exists emails_linked_by_exchange_id on emails (exchange_id) where exchange_id is not null;
create index if not exists events_linked_by_account_id on events (account_id) where account_id is not null;
create index if not exists events_linked_by_exchange_id on events (exchange_id) where exchange_id is not null;
create index if not exists time_entries_linked_by_account_id on time_entries (account_id) where account_id is not null;
create index if not exists time_entries_linked_by_exchange_id on time_entries (exchange_id) where exchange_id is not null;
create index if not exists time_entries_linked_by_user_id on time_entries (user_id) where user_id is not null;

-- Those of other connectors, however many this release has.
do $$
declare
  link record;
begin
  for link in
    select child.relname as child, a.attname as link from pg_constraint c
    join pg_class child on child.oid = c.conrelid
    join pg_class parent on parent.oid = c.confrelid
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and cardinality(c.conkey) = 1 and c.confdeltype = 'n'
      and child.relnamespace = to_regnamespace(quote_ident(current_schema())) and parent.relnamespace = child.relnamespace
      -- Target tables are those whose rows have a connection and no history of ours.
      and child.relname not like 'sync\_%'
      and exists (select from pg_attribute o where o.attrelid = parent.oid and o.attname = 'connection_id')
      and not exists (select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = a.attnum)
    order by 1, 2
  loop
    execute format('create index if not exists %I on %I (%I) where %I is not null',
      link.child || '_linked_by_' || link.link, link.child, link.link, link.link);
  end loop;
end $$;
