-- note_irelandpay_change (0018) runs with its owner's rights, for whoever writes a synced table. What those rights do is what
-- its trigger says: so nobody else makes a trigger of it, and temporary tables of whoever writes are looked for last, as
-- he could give one the name of ours, and triggers of his own. Triggers that exist go on: they ask for no right when they run.
-- Locks: none that anybody would wait for.

revoke execute on function note_irelandpay_change() from public;

do $$
declare
  stranger name;
begin
  execute format('alter function note_irelandpay_change() set search_path to %s, pg_temp', current_setting('search_path'));
  -- On Supabase these two are given rights to every function that is made.
  for stranger in select rolname from pg_roles where rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function note_irelandpay_change() from %I', stranger);
  end loop;
end $$;
