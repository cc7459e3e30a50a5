-- Row-level security's policies: whoever takes the role `syncline_tenant` sees and changes the rows of one organization,
-- the one that the setting `syncline.organization` names, and none while it names none. The API takes that role for every
-- request of a tenant (packages/store/src/tenancy): a query that forgets its organization_id finds nothing of others.
--
-- A function, and not done once, because it has to be done again: for tables of later migrations, and when the role can
-- only be made by somebody else. `npm run migrate` calls it at its end. It does what is left to do, and raises a notice
-- where it may not. Tables without row-level security (adopted ones whose owner wants none) get no policy.
-- Locks: ACCESS EXCLUSIVE on each table that gets a policy, for a moment; no row is read.

create function secure_tenant_tables() returns void language plpgsql as $$
declare
  relation record;
  -- From Postgres 16 on, whoever creates a role is a member of it that may hand it on and not take it itself.
  taking constant text := case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end;
begin
  -- Several migrations may be at it; two grants on one table at once are an error.
  perform pg_advisory_xact_lock(hashtext('syncline secure_tenant_tables'));
  begin
    create role syncline_tenant nologin;
  exception
    -- It is the whole cluster's: another database, or another migration at this moment, made it.
    when duplicate_object or unique_violation then null;
    when insufficient_privilege then
      if to_regrole('syncline_tenant') is null then
        raise notice 'the role syncline_tenant is missing, and % may not create it', current_user;
        return;
      end if;
  end;
  if not pg_has_role(current_user, 'syncline_tenant', taking) then
    begin
      execute format('grant syncline_tenant to %I', current_user);
    exception when insufficient_privilege or unique_violation then
      raise notice '% may not take the role syncline_tenant', current_user;
    end;
  end if;
  -- Somebody else's schema: Postgres warns, or refuses, and its owner has to do it.
  if not has_schema_privilege('syncline_tenant', current_schema(), 'usage') then
    begin
      execute format('grant usage on schema %I to syncline_tenant', current_schema());
    exception when insufficient_privilege then null;
    end;
    if not has_schema_privilege('syncline_tenant', current_schema(), 'usage') then
      raise notice 'the role syncline_tenant may not use the schema %, and % may not grant it', current_schema(), current_user;
    end if;
  end if;

  for relation in
    select c.relname as name, c.relkind = 'v' as is_view,
      case when c.relname = 'organizations' then 'id' else 'organization_id' end as tenant
    from pg_class c
    where c.relnamespace = to_regnamespace(quote_ident(current_schema()))
      and pg_has_role(current_user, c.relowner, 'usage')
      and (c.relkind in ('r', 'p') and c.relrowsecurity or c.relkind = 'v' and c.reloptions @> '{security_invoker=true}')
      and exists (
        select from pg_attribute a where a.attrelid = c.oid and not a.attisdropped
          and a.attname = case when c.relname = 'organizations' then 'id' else 'organization_id' end)
  loop
    if relation.is_view then
      execute format('grant select on %I to syncline_tenant', relation.name);
      continue;
    end if;
    execute format('grant select, insert, update, delete on %I to syncline_tenant', relation.name);
    if not exists (
      select from pg_policies p
      where p.schemaname = current_schema() and p.tablename = relation.name and p.policyname = 'syncline_tenant'
    ) then
      -- A sub-select, so that the setting is read once for a statement and not once for a row.
      execute format(
        'create policy syncline_tenant on %1$I to syncline_tenant
           using (%2$I = (select nullif(current_setting(''syncline.organization'', true), '''')::uuid))
           with check (%2$I = (select nullif(current_setting(''syncline.organization'', true), '''')::uuid))',
        relation.name, relation.tenant);
    end if;
  end loop;

  -- Of the fleet itself a tenant may know whether anybody is at work.
  grant select on workers to syncline_tenant;
  if not exists (select from pg_policies p where p.schemaname = current_schema() and p.tablename = 'workers') then
    create policy syncline_tenant on workers for select to syncline_tenant using (true);
  end if;
end $$;
