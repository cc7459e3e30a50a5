-- Notion's table: the pages of one database, which are an agency's clients. Columns follow the declaration in
-- packages/connectors/notion; a test compares the two. See 0002 for what all tables share.
-- deleted_at is since when a page is in the trash (trashed_at: its last edit), or when a full sync did not find it any more.
-- If not exists: a table of the user's own is there already where `syncline adopt` has made it fit; anywhere else the
-- migrator stops before this file when there is one.
-- Locks: creates only.

create table if not exists clients (
  id                uuid primary key default gen_random_uuid(),
  organization_id   uuid not null,
  connection_id     uuid not null,
  notion_page_id    text not null,
  name              text,
  -- Of the name that the client had when it came; see keep_client_slug.
  slug              text,
  contact_email     text,
  products_services text,
  -- The text of the page; null: not read yet.
  client_page_info  text,
  status            text,
  -- All properties, as the vendor has them.
  properties        jsonb,
  url               text,
  trashed_at        timestamptz,
  source_created_at timestamptz,
  notion_data       jsonb not null,
  sync_flags        jsonb,
  source_updated_at timestamptz,
  last_sync_at      timestamptz not null default now(),
  deleted_at        timestamptz,
  unique (connection_id, notion_page_id)
);
create unique index if not exists clients_by_slug on clients (connection_id, slug);
create index if not exists clients_by_change on clients (organization_id, source_updated_at desc);

-- Gives a new client a slug that no other of its connection has: acme, acme-2, acme-3… Somebody's links may hang on a
-- slug, so that it is never given anew, and never changed: not when the client is renamed, nor when it is deleted.
-- Locking: one connection's new clients one transaction after the other, or two could be given the same slug. A row that
-- is there already (the insert becomes an update) passes without.
create function give_client_slug() returns trigger language plpgsql as $$
declare
  base constant text := new.slug;
  number integer := 1;
begin
  if exists (select from clients where connection_id = new.connection_id and notion_page_id = new.notion_page_id) then
    return new;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('slugs of ' || new.connection_id::text, 0));
  while exists (select from clients where connection_id = new.connection_id and slug = new.slug) loop
    number := number + 1;
    -- So many of one name (pages without any, say) are not counted up one by one: each would ask for all before it.
    new.slug := base || '-' || case when number <= 50 then number::text else left(md5(new.notion_page_id || number), 8) end;
  end loop;
  return new;
end $$;
create trigger give_client_slug before insert on clients
  for each row when (new.slug is not null) execute function give_client_slug();

-- What a record could not say stays as it was: its slug, which only looks like the name; the text of its page, if that was
-- not read; and columns whose property the database has no more, which sync_flags names as MISSING. A client that differs
-- in nothing else is not written again: it counts as unchanged. All that is for what a sync writes, which moves
-- last_sync_at: people may put a slug right by hand.
create function keep_client_values() returns trigger language plpgsql as $$
declare
  same record;
begin
  new.slug := coalesce(old.slug, new.slug);
  new.client_page_info := coalesce(new.client_page_info, old.client_page_info);
  if new.sync_flags @> '[{"code": "MISSING", "field": "name"}]' then new.name := old.name; end if;
  if new.sync_flags @> '[{"code": "MISSING", "field": "contact_email"}]' then new.contact_email := old.contact_email; end if;
  if new.sync_flags @> '[{"code": "MISSING", "field": "products_services"}]' then
    new.products_services := old.products_services;
  end if;
  if new.sync_flags @> '[{"code": "MISSING", "field": "status"}]' then new.status := old.status; end if;
  same := new;
  same.last_sync_at := old.last_sync_at;
  if same is not distinct from old then return null; end if;
  return new;
end $$;
create trigger keep_client_values before update on clients
  for each row when (
    new.last_sync_at is distinct from old.last_sync_at and (
      new.slug is distinct from old.slug or new.client_page_info is null and old.client_page_info is not null
      or new.sync_flags @> '[{"code": "MISSING"}]'
    )
  ) execute function keep_client_values();

-- As in 0008: nobody but the owner sees rows.
do $$
declare
  adopted constant text[] := string_to_array(coalesce(current_setting('syncline.adopted', true), ''), ',');
begin
  if 'clients' <> all (adopted) then
    alter table clients enable row level security;
  end if;
end $$;
