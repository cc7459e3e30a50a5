-- Ireland Pay in numbers: volumes per merchant, day and month, and what a month has brought. They follow the synced tables
-- to the cent: triggers note which groups a statement has touched, in its own transaction, and
-- refresh_irelandpay_metrics computes those anew. What was committed late is noted late, and nothing is asked for by time.
-- Locks: SHARE ROW EXCLUSIVE on the tables that get triggers, until this file is through; what is in them already is read
-- once, for the notes. Else creates only.

-- A merchant's day. What is deleted is nowhere; what was voided, rejected or charged back is in the reversals and in
-- nothing else. A refund is what has an amount below zero: the vendor's words for types are not known.
create table merchant_daily_volumes (
  organization_id   uuid not null,
  connection_id     uuid not null,
  irelandpay_mid    text not null,
  -- The merchant's row, as soon as there is one.
  merchant_id       uuid,
  day               date not null,
  -- Sales and refunds.
  transactions      bigint not null,
  amount            numeric not null,
  sales             bigint not null,
  sales_amount      numeric not null,
  refunds           bigint not null,
  refunds_amount    numeric not null,
  reversals         bigint not null,
  reversals_amount  numeric not null,
  batches           bigint not null,
  batches_amount    numeric not null,
  refreshed_at      timestamptz not null default now(),
  primary key (connection_id, irelandpay_mid, day)
);
create index merchant_daily_volumes_by_day on merchant_daily_volumes (connection_id, day);

-- The same by month, from the days.
create table merchant_monthly_volumes (
  organization_id   uuid not null,
  connection_id     uuid not null,
  irelandpay_mid    text not null,
  merchant_id       uuid,
  -- The month's first day.
  month             date not null,
  transactions      bigint not null,
  amount            numeric not null,
  sales             bigint not null,
  sales_amount      numeric not null,
  refunds           bigint not null,
  refunds_amount    numeric not null,
  reversals         bigint not null,
  reversals_amount  numeric not null,
  batches           bigint not null,
  batches_amount    numeric not null,
  refreshed_at      timestamptz not null default now(),
  primary key (connection_id, irelandpay_mid, month)
);
create index merchant_monthly_volumes_by_month on merchant_monthly_volumes (connection_id, month);

-- What a processor's report of a month comes to, from its rows.
create table monthly_residuals (
  organization_id          uuid not null,
  connection_id            uuid not null,
  irelandpay_processor_id  text not null,
  processor_name           text,
  month                    date not null,
  merchants                bigint not null,
  transactions             numeric not null,
  sales_amount             numeric not null,
  income                   numeric not null,
  expense                  numeric not null,
  net                      numeric not null,
  agent_net                numeric not null,
  -- What the vendor says the sum is; null where it has not said. Another one than net: not all rows could be kept.
  reported_net             numeric,
  refreshed_at             timestamptz not null default now(),
  primary key (connection_id, irelandpay_processor_id, month)
);
create index monthly_residuals_by_month on monthly_residuals (connection_id, month);

-- What a month has brought in all: the reports of all processors and, apart, what was added by hand.
create table monthly_net (
  organization_id       uuid not null,
  connection_id         uuid not null,
  month                 date not null,
  reports               bigint not null,
  transactions          numeric not null,
  sales_amount          numeric not null,
  income                numeric not null,
  expense               numeric not null,
  net                   numeric not null,
  agent_net             numeric not null,
  line_items            bigint not null,
  line_items_income     numeric not null,
  line_items_expense    numeric not null,
  line_items_agent_net  numeric not null,
  refreshed_at          timestamptz not null default now(),
  primary key (connection_id, month)
);

-- Groups that are not what their rows say any more. Only ever added to, so that no writer waits for another one or for a
-- refresh, and a note that comes while its group is computed is another row.
create table irelandpay_metric_changes (
  id               bigint generated always as identity primary key,
  organization_id  uuid not null,
  connection_id    uuid not null,
  -- day: a merchant's day. report: a processor's month. line_items: a month.
  what             text not null check (what in ('day', 'report', 'line_items')),
  -- Merchant or processor; empty for line items.
  key              text not null,
  day              date not null
);
create index irelandpay_metric_changes_by_connection on irelandpay_metric_changes (connection_id, id);

-- When what is computed from a connection's rows was last up to date, and what was in the way since.
create table sync_refreshes (
  connection_id    uuid not null references connections (id) on delete cascade,
  -- The function's.
  name             text not null,
  organization_id  uuid not null references organizations (id) on delete cascade,
  refreshed_at     timestamptz,
  failures         integer not null default 0,
  error_message    text,
  -- Nobody tries it again by himself before then.
  rests_until      timestamptz,
  primary key (connection_id, name)
);

-- Notes the groups that a statement has touched, old and new ones, where it has changed anything that counts.
--
-- Parameters  what; expressions for key and day; the columns that count, with commas.
-- Rights      the owner's, and a path of its own: whoever writes a table that was adopted need not know of this. What those
--             rights do is what the trigger says, so nobody else makes a trigger of it; and temporary tables are looked for
--             last, because whoever writes could give one the name of ours, and triggers of his own.
-- Locks       none beside the rows that it adds.
create function note_irelandpay_change() returns trigger language plpgsql security definer as $$
declare
  note constant text := format(
    'insert into irelandpay_metric_changes (organization_id, connection_id, what, key, day)
     select distinct organization_id, connection_id, %L, (%s)::text, (%s)::date from %%s as touched
     where connection_id is not null and organization_id is not null and (%2$s) is not null and (%3$s) is not null',
    tg_argv[0], tg_argv[1], tg_argv[2]);
  differs text;
begin
  if tg_op = 'INSERT' then
    execute format(note, 'new_rows');
  elsif tg_op = 'DELETE' then
    execute format(note, 'old_rows');
  else
    select string_agg(format('o.%1$I is distinct from n.%1$I', counts), ' or ') into differs
    from unnest(string_to_array(tg_argv[3], ',')) as counts;
    execute format(note, format(
      '(select o.* from old_rows o join new_rows n on n.id = o.id where %1$s
        union all select n.* from old_rows o join new_rows n on n.id = o.id where %1$s)', differs));
  end if;
  return null;
end $$;

revoke execute on function note_irelandpay_change() from public;
do $$
declare
  stranger name;
begin
  execute format('alter function note_irelandpay_change() set search_path to %s, pg_temp', current_setting('search_path'));
  -- On Supabase these two are given rights to every function that is made. Triggers ask for no right when they run.
  for stranger in select rolname from pg_roles where rolname in ('anon', 'authenticated') loop
    execute format('revoke all on function note_irelandpay_change() from %I', stranger);
  end loop;
end $$;

do $$
declare
  source record;
begin
  for source in
    select * from (values
      ('transactions', 'day', 'irelandpay_mid', 'transaction_date',
        'irelandpay_mid,merchant_id,transaction_date,amount,is_void_reject_chargeback,deleted_at'),
      ('batches', 'day', 'irelandpay_mid', 'batch_date', 'irelandpay_mid,merchant_id,batch_date,amount,deleted_at'),
      ('residuals', 'report', 'irelandpay_processor_id', 'residual_month', 'irelandpay_processor_id,residual_month,'
        'mid_number,transactions,sales_amount,income,expense,net,agent_net,deleted_at'),
      ('residual_summaries', 'report', 'irelandpay_processor_id', 'residual_month',
        'irelandpay_processor_id,residual_month,processor_name,sum_net,deleted_at'),
      ('residual_line_items', 'line_items', '''''', 'residual_month', 'residual_month,income,expense,agent_net,deleted_at')
    ) as sources (name, what, key, day, counts)
  loop
    execute format(
      'create trigger note_irelandpay_insert after insert on %1$I referencing new table as new_rows
         for each statement execute function note_irelandpay_change(%2$L, %3$L, %4$L, %5$L);
       create trigger note_irelandpay_update after update on %1$I referencing old table as old_rows new table as new_rows
         for each statement execute function note_irelandpay_change(%2$L, %3$L, %4$L, %5$L);
       create trigger note_irelandpay_delete after delete on %1$I referencing old table as old_rows
         for each statement execute function note_irelandpay_change(%2$L, %3$L, %4$L, %5$L);
       insert into irelandpay_metric_changes (organization_id, connection_id, what, key, day)
         select distinct organization_id, connection_id, %2$L, (%3$s)::text, (%4$s)::date from %1$I
         where connection_id is not null and organization_id is not null and (%3$s) is not null and (%4$s) is not null',
      source.name, source.what, source.key, source.day, source.counts);
  end loop;
end $$;

-- Computes anew what has changed of a connection, at most so many notes of it.
--
-- Parameters  organization, connection  whose.
--             at_most                   notes that are worked off, about; time goes by that and not by what there is.
-- Result      whether there is more.
-- Isolation   read committed: groups are computed after their notes were taken, so by what these stand for or by newer
--             rows; those have notes of their own, which stay.
-- Locks       one refresh of a connection at a time, others wait: else the older of two results could be the last to be
--             written. Writers of the synced tables wait for nothing here.
create function refresh_irelandpay_metrics(organization uuid, connection uuid, at_most integer default 10000)
returns boolean language plpgsql as $$
declare
  last bigint;
  mids text[];
  days date[];
  processors text[];
  report_months date[];
  months date[];
begin
  perform pg_advisory_xact_lock(hashtextextended('refresh_irelandpay_metrics ' || connection, 0));

  -- By where they end and not by their ids: the planner, who may know this table as an empty one, has nothing to join.
  last := (
    select c.id from irelandpay_metric_changes c
    where c.connection_id = connection and c.organization_id = organization order by c.id offset at_most - 1 limit 1);
  with taken as (
    delete from irelandpay_metric_changes c
    where c.connection_id = connection and c.organization_id = organization and c.id <= coalesce(last, 9223372036854775807)
    returning c.what, c.key, c.day),
  groups as (select distinct what, key, day from taken)
  select array_agg(key) filter (where what = 'day'), array_agg(day) filter (where what = 'day'),
    array_agg(key) filter (where what = 'report'), array_agg(day) filter (where what = 'report'),
    array_agg(distinct day) filter (where what <> 'day')
  into mids, days, processors, report_months, months from groups;

  if mids is not null then
    with fresh as materialized (
      select g.mid, g.day, m.id as merchant_id, t.*, b.*
      from unnest(mids, days) as g (mid, day)
      left join merchants m on m.connection_id = connection and m.irelandpay_mid = g.mid
      cross join lateral (
        select count(*) filter (where stands and a.amount >= 0) as sales,
          coalesce(sum(a.amount) filter (where stands and a.amount >= 0), 0) as sales_amount,
          count(*) filter (where stands and a.amount < 0) as refunds,
          coalesce(sum(a.amount) filter (where stands and a.amount < 0), 0) as refunds_amount,
          count(*) filter (where not stands) as reversals,
          coalesce(sum(a.amount) filter (where not stands), 0) as reversals_amount
        from (
          select coalesce(x.amount::numeric, 0) as amount, x.is_void_reject_chargeback is not true as stands
          from transactions x
          where x.connection_id = connection and x.organization_id = organization and x.irelandpay_mid = g.mid
            and x.transaction_date = g.day and x.deleted_at is null) as a) as t
      cross join lateral (
        select count(*) as batches, coalesce(sum(x.amount::numeric), 0) as batches_amount from batches x
        where x.connection_id = connection and x.organization_id = organization and x.irelandpay_mid = g.mid
          and x.batch_date = g.day and x.deleted_at is null) as b),
    gone as (
      delete from merchant_daily_volumes v using fresh f
      where v.connection_id = connection and v.irelandpay_mid = f.mid and v.day = f.day
        and f.sales + f.refunds + f.reversals + f.batches = 0)
    insert into merchant_daily_volumes as v (organization_id, connection_id, irelandpay_mid, merchant_id, day,
      transactions, amount, sales, sales_amount, refunds, refunds_amount, reversals, reversals_amount, batches, batches_amount)
    select organization, connection, f.mid, f.merchant_id, f.day,
      f.sales + f.refunds, f.sales_amount + f.refunds_amount, f.sales, f.sales_amount, f.refunds, f.refunds_amount,
      f.reversals, f.reversals_amount, f.batches, f.batches_amount
    from fresh f where f.sales + f.refunds + f.reversals + f.batches > 0
    on conflict (connection_id, irelandpay_mid, day) do update set
      merchant_id = excluded.merchant_id, transactions = excluded.transactions, amount = excluded.amount,
      sales = excluded.sales, sales_amount = excluded.sales_amount, refunds = excluded.refunds,
      refunds_amount = excluded.refunds_amount, reversals = excluded.reversals,
      reversals_amount = excluded.reversals_amount, batches = excluded.batches,
      batches_amount = excluded.batches_amount, refreshed_at = now()
    where (v.merchant_id, v.sales, v.sales_amount, v.refunds, v.refunds_amount, v.reversals, v.reversals_amount, v.batches,
        v.batches_amount)
      is distinct from (excluded.merchant_id, excluded.sales, excluded.sales_amount, excluded.refunds,
        excluded.refunds_amount, excluded.reversals, excluded.reversals_amount, excluded.batches, excluded.batches_amount);

    with fresh as materialized (
      select g.mid, g.month, m.id as merchant_id, s.*
      from (
        select distinct u.mid, date_trunc('month', u.day::timestamp)::date as month
        from unnest(mids, days) as u (mid, day)) as g
      left join merchants m on m.connection_id = connection and m.irelandpay_mid = g.mid
      cross join lateral (
        select count(*) as days, sum(v.transactions) as transactions, sum(v.amount) as amount, sum(v.sales) as sales,
          sum(v.sales_amount) as sales_amount, sum(v.refunds) as refunds, sum(v.refunds_amount) as refunds_amount,
          sum(v.reversals) as reversals, sum(v.reversals_amount) as reversals_amount, sum(v.batches) as batches,
          sum(v.batches_amount) as batches_amount
        from merchant_daily_volumes v
        where v.connection_id = connection and v.irelandpay_mid = g.mid and v.day >= g.month
          and v.day < (g.month + interval '1 month')::date) as s),
    gone as (
      delete from merchant_monthly_volumes v using fresh f
      where v.connection_id = connection and v.irelandpay_mid = f.mid and v.month = f.month and f.days = 0)
    insert into merchant_monthly_volumes as v (organization_id, connection_id, irelandpay_mid, merchant_id, month,
      transactions, amount, sales, sales_amount, refunds, refunds_amount, reversals, reversals_amount, batches, batches_amount)
    select organization, connection, f.mid, f.merchant_id, f.month, f.transactions, f.amount, f.sales, f.sales_amount,
      f.refunds, f.refunds_amount, f.reversals, f.reversals_amount, f.batches, f.batches_amount
    from fresh f where f.days > 0
    on conflict (connection_id, irelandpay_mid, month) do update set
      merchant_id = excluded.merchant_id, transactions = excluded.transactions, amount = excluded.amount,
      sales = excluded.sales, sales_amount = excluded.sales_amount, refunds = excluded.refunds,
      refunds_amount = excluded.refunds_amount, reversals = excluded.reversals,
      reversals_amount = excluded.reversals_amount, batches = excluded.batches,
      batches_amount = excluded.batches_amount, refreshed_at = now();
  end if;

  if processors is not null then
    with fresh as materialized (
      select g.processor, g.month, s.processor_name, s.sum_net, s.id is not null as is_out, r.*
      from unnest(processors, report_months) as g (processor, month)
      left join residual_summaries s on s.connection_id = connection and s.organization_id = organization
        and s.residual_month = g.month and s.irelandpay_processor_id = g.processor and s.deleted_at is null
      cross join lateral (
        select count(*) as merchants, coalesce(sum(x.transactions::numeric), 0) as transactions,
          coalesce(sum(x.sales_amount::numeric), 0) as sales_amount, coalesce(sum(x.income::numeric), 0) as income,
          coalesce(sum(x.expense::numeric), 0) as expense, coalesce(sum(x.net::numeric), 0) as net,
          coalesce(sum(x.agent_net::numeric), 0) as agent_net
        from residuals x
        where x.connection_id = connection and x.organization_id = organization and x.residual_month = g.month
          and x.irelandpay_processor_id = g.processor and x.deleted_at is null) as r),
    gone as (
      delete from monthly_residuals v using fresh f
      where v.connection_id = connection and v.irelandpay_processor_id = f.processor and v.month = f.month
        and f.merchants = 0 and not f.is_out)
    insert into monthly_residuals (organization_id, connection_id, irelandpay_processor_id, processor_name, month,
      merchants, transactions, sales_amount, income, expense, net, agent_net, reported_net)
    select organization, connection, f.processor, f.processor_name, f.month, f.merchants, f.transactions, f.sales_amount,
      f.income, f.expense, f.net, f.agent_net, f.sum_net
    from fresh f where f.merchants > 0 or f.is_out
    on conflict (connection_id, irelandpay_processor_id, month) do update set
      processor_name = excluded.processor_name, merchants = excluded.merchants, transactions = excluded.transactions,
      sales_amount = excluded.sales_amount, income = excluded.income, expense = excluded.expense, net = excluded.net,
      agent_net = excluded.agent_net, reported_net = excluded.reported_net, refreshed_at = now();
  end if;

  if months is not null then
    with fresh as materialized (
      select g.month, r.*, l.*
      from unnest(months) as g (month)
      cross join lateral (
        select count(*) as reports, coalesce(sum(v.transactions), 0) as transactions,
          coalesce(sum(v.sales_amount), 0) as sales_amount, coalesce(sum(v.income), 0) as income,
          coalesce(sum(v.expense), 0) as expense, coalesce(sum(v.net), 0) as net, coalesce(sum(v.agent_net), 0) as agent_net
        from monthly_residuals v where v.connection_id = connection and v.month = g.month) as r
      cross join lateral (
        select count(*) as line_items, coalesce(sum(x.income::numeric), 0) as line_items_income,
          coalesce(sum(x.expense::numeric), 0) as line_items_expense,
          coalesce(sum(x.agent_net::numeric), 0) as line_items_agent_net
        from residual_line_items x
        where x.connection_id = connection and x.organization_id = organization and x.residual_month = g.month
          and x.deleted_at is null) as l),
    gone as (
      delete from monthly_net v using fresh f
      where v.connection_id = connection and v.month = f.month and f.reports + f.line_items = 0)
    insert into monthly_net (organization_id, connection_id, month, reports, transactions, sales_amount, income, expense,
      net, agent_net, line_items, line_items_income, line_items_expense, line_items_agent_net)
    select organization, connection, f.* from fresh f where f.reports + f.line_items > 0
    on conflict (connection_id, month) do update set
      reports = excluded.reports, transactions = excluded.transactions, sales_amount = excluded.sales_amount,
      income = excluded.income, expense = excluded.expense, net = excluded.net, agent_net = excluded.agent_net,
      line_items = excluded.line_items, line_items_income = excluded.line_items_income,
      line_items_expense = excluded.line_items_expense, line_items_agent_net = excluded.line_items_agent_net,
      refreshed_at = now();
  end if;

  return exists (
    select from irelandpay_metric_changes c where c.connection_id = connection and c.organization_id = organization);
end $$;

alter table merchant_daily_volumes enable row level security;
alter table merchant_monthly_volumes enable row level security;
alter table monthly_residuals enable row level security;
alter table monthly_net enable row level security;
alter table irelandpay_metric_changes enable row level security;
alter table sync_refreshes enable row level security;
