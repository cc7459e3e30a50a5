-- Row-level security on every table that Syncline makes. Where a schema is served over HTTP (Supabase), tables without it
-- are open to whoever holds the public key; with it, and without a policy, only their owner sees rows, and Syncline is
-- the owner. Nothing is forced on the owner, so that Syncline itself goes on as before.
-- A table that a later migration makes has to switch it on itself; a test looks at all of them.
-- Tables that were adopted are their owner's business: they are named in the setting syncline.adopted while `syncline
-- adopt` applies this file, and are left as they are.
-- Locks: ACCESS EXCLUSIVE on each table for a moment; no row is read.

do $$
declare
  adopted constant text[] := string_to_array(coalesce(current_setting('syncline.adopted', true), ''), ',');
  relation record;
  stranger name;
begin
  for relation in
    select relname as name, relkind = 'v' as is_view from pg_class
    where relnamespace = to_regnamespace(quote_ident(current_schema())) and relname = any (array[
        'kysely_migration', 'kysely_migration_lock',
        'organizations', 'connections', 'sync_jobs', 'sync_progress', 'sync_state', 'sync_failed_items',
        'sync_scans', 'sync_seen', 'workers', 'leases', 'audit_log', 'sync_schedules', 'sync_schedule_runs',
        'accounts', 'contacts', 'exchanges', 'tasks', 'pp_users', 'custom_fields', 'notes', 'emails', 'events',
        'time_entries', 'upcoming_events', 'sync_logs'
      ]) and relname <> all (adopted) and relkind in ('r', 'v')
  loop
    if not relation.is_view then
      execute format('alter table %I enable row level security', relation.name);
    elsif current_setting('server_version_num')::integer >= 150000 then
      -- Else a view reads as its owner, and shows what the table hides.
      execute format('alter view %I set (security_invoker = true)', relation.name);
    else
      -- Postgres 14 knows views of their owner only: those are for the owner only.
      execute format('revoke all on %I from public', relation.name);
      for stranger in select rolname from pg_roles where rolname in ('anon', 'authenticated') loop
        execute format('revoke all on %I from %I', relation.name, stranger);
      end loop;
    end if;
  end loop;
end $$;

-- Rows of an adopted table that are nobody's but the user's are written as he writes them.
drop trigger keep_email_body on emails;
create trigger keep_email_body before update on emails
  for each row when (new.body_html is null and old.body_html is not null and new.connection_id is not null)
  execute function keep_email_body();
