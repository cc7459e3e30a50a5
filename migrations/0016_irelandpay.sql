-- Ireland Pay's tables. Column sets follow the declarations in packages/connectors/irelandpay; a test compares the two. See
-- 0002 for what all tables share.
-- Amounts are numeric, to the cent as the vendor sends them; days have no time zone. Numbers of cards are masked before
-- they get here.
-- deleted_at is when a full sync did not find a processor or merchant any more, and when a report (or a month's line items)
-- was published again without the row. Of batches and transactions nothing is ever marked.
-- If not exists: a table of the user's own is there already where `syncline adopt` has made it fit; anywhere else the
-- migrator stops before this file when there is one.
-- Locks: creates only.

create table if not exists processors (
  id                         uuid primary key default gen_random_uuid(),
  organization_id            uuid not null,
  connection_id              uuid not null,
  irelandpay_processor_name  text not null,
  datasources                jsonb,
  irelandpay_data            jsonb not null,
  sync_flags                 jsonb,
  source_updated_at          timestamptz,
  last_sync_at               timestamptz not null default now(),
  deleted_at                 timestamptz,
  unique (connection_id, irelandpay_processor_name)
);

create table if not exists merchants (
  id                   uuid primary key default gen_random_uuid(),
  organization_id      uuid not null,
  connection_id        uuid not null,
  irelandpay_mid       text not null,
  -- Without zeros in front: as reports have it, where it is a number.
  mid_number           text,
  processor_id         uuid references processors (id) on delete set null,
  name                 text,
  opened               date,
  closed               date,
  deactivated          date,
  first_batch          date,
  last_batch           date,
  group_name           text,
  processor_name       text,
  datasource           text,
  sic_code             text,
  is_vim               boolean,
  status               text,
  is_active            boolean,
  lead_ids             jsonb,
  account_information  jsonb,
  source_created_at    timestamptz,
  irelandpay_data      jsonb not null,
  sync_flags           jsonb,
  source_updated_at    timestamptz,
  last_sync_at         timestamptz not null default now(),
  deleted_at           timestamptz,
  unique (connection_id, irelandpay_mid)
);
create index if not exists merchants_by_number on merchants (connection_id, mid_number);
create index if not exists merchants_by_processor_name on merchants (connection_id, processor_name);
create index if not exists merchants_by_processor on merchants (processor_id);

-- A merchant's account is another answer of the vendor's, which may be refused, or not asked for: then what was known stays.
-- A merchant that differs in nothing else is not written again: it counts as unchanged. All that is for what a sync writes,
-- which moves last_sync_at.
create function keep_merchant_account() returns trigger language plpgsql as $$
declare
  same record;
begin
  new.account_information := old.account_information;
  same := new;
  same.last_sync_at := old.last_sync_at;
  if same is not distinct from old then return null; end if;
  return new;
end $$;
create trigger keep_merchant_account before update on merchants
  for each row when (
    new.account_information is null and old.account_information is not null
    and new.last_sync_at is distinct from old.last_sync_at
  ) execute function keep_merchant_account();

create table if not exists batches (
  id                   uuid primary key default gen_random_uuid(),
  organization_id      uuid not null,
  connection_id        uuid not null,
  -- Merchant, day, reference number and terminal: the vendor has no number of its own for it.
  irelandpay_batch_id  text not null,
  irelandpay_mid       text,
  merchant_id          uuid references merchants (id) on delete set null,
  batch_date           date,
  reference_number     text,
  terminal_number      text,
  amount               numeric,
  transaction_count    numeric,
  irelandpay_data      jsonb not null,
  sync_flags           jsonb,
  source_updated_at    timestamptz,
  last_sync_at         timestamptz not null default now(),
  deleted_at           timestamptz,
  unique (connection_id, irelandpay_batch_id)
);
create index if not exists batches_by_mid on batches (connection_id, irelandpay_mid, batch_date);
create index if not exists batches_by_merchant on batches (merchant_id);

create table if not exists transactions (
  id                         uuid primary key default gen_random_uuid(),
  organization_id            uuid not null,
  connection_id              uuid not null,
  -- Merchant and the vendor's number: nobody says that it is unique without the merchant.
  irelandpay_transaction_id  text not null,
  irelandpay_mid             text,
  irelandpay_batch_id        text,
  merchant_id                uuid references merchants (id) on delete set null,
  batch_id                   uuid references batches (id) on delete set null,
  transaction_date           date,
  type                       text,
  amount                     numeric,
  -- Masked.
  cardholder                 text,
  auth_code                  text,
  pos_entry_mode             text,
  invoice_number             text,
  is_void_reject_chargeback  boolean,
  reject_description         text,
  irelandpay_data            jsonb not null,
  sync_flags                 jsonb,
  source_updated_at          timestamptz,
  last_sync_at               timestamptz not null default now(),
  deleted_at                 timestamptz,
  unique (connection_id, irelandpay_transaction_id)
);
create index if not exists transactions_by_mid on transactions (connection_id, irelandpay_mid, transaction_date);
create index if not exists transactions_by_batch_key on transactions (connection_id, irelandpay_batch_id);
create index if not exists transactions_by_merchant on transactions (merchant_id);
create index if not exists transactions_by_batch on transactions (batch_id);

create table if not exists residual_summaries (
  id                       uuid primary key default gen_random_uuid(),
  organization_id          uuid not null,
  connection_id            uuid not null,
  -- Processor and month.
  irelandpay_report_id     text not null,
  irelandpay_processor_id  text,
  processor_name           text,
  processor_id             uuid references processors (id) on delete set null,
  -- The month's first day.
  residual_month           date,
  created_by               text,
  modified_by              text,
  merchants_count          numeric,
  sum_transactions         numeric,
  sum_sales_amount         numeric,
  sum_income               numeric,
  sum_expense              numeric,
  sum_net                  numeric,
  sum_bps                  numeric,
  sum_agent_net            numeric,
  source_created_at        timestamptz,
  irelandpay_data          jsonb not null,
  sync_flags               jsonb,
  source_updated_at        timestamptz,
  last_sync_at             timestamptz not null default now(),
  deleted_at               timestamptz,
  unique (connection_id, irelandpay_report_id)
);
create index if not exists residual_summaries_by_month on residual_summaries (connection_id, residual_month);
create index if not exists residual_summaries_by_processor_name on residual_summaries (connection_id, processor_name);
create index if not exists residual_summaries_by_processor on residual_summaries (processor_id);

create table if not exists residuals (
  id                       uuid primary key default gen_random_uuid(),
  organization_id          uuid not null,
  connection_id            uuid not null,
  -- Processor, month and merchant.
  irelandpay_residual_id   text not null,
  irelandpay_processor_id  text,
  irelandpay_report_id     text,
  residual_summary_id      uuid references residual_summaries (id) on delete set null,
  residual_month           date,
  mid_number               text,
  merchant_id              uuid references merchants (id) on delete set null,
  merchant_name            text,
  transactions             numeric,
  sales_amount             numeric,
  income                   numeric,
  expense                  numeric,
  net                      numeric,
  bps                      numeric,
  percentage               numeric,
  agent_net                numeric,
  has_users                boolean,
  irelandpay_data          jsonb not null,
  sync_flags               jsonb,
  -- When its report was published.
  source_updated_at        timestamptz,
  last_sync_at             timestamptz not null default now(),
  deleted_at               timestamptz,
  unique (connection_id, irelandpay_residual_id)
);
create index if not exists residuals_by_month on residuals (connection_id, residual_month, irelandpay_processor_id);
create index if not exists residuals_by_mid on residuals (connection_id, mid_number);
create index if not exists residuals_by_report_key on residuals (connection_id, irelandpay_report_id);
create index if not exists residuals_by_merchant on residuals (merchant_id);
create index if not exists residuals_by_summary on residuals (residual_summary_id);

create table if not exists residual_line_items (
  id                           uuid primary key default gen_random_uuid(),
  organization_id              uuid not null,
  connection_id                uuid not null,
  -- Month and the vendor's number.
  irelandpay_line_item_id      text not null,
  residual_month               date,
  type                         text,
  item_id                      text,
  irelandpay_user_id           text,
  username                     text,
  user_full_name               text,
  irelandpay_mid               text,
  merchant_id                  uuid references merchants (id) on delete set null,
  merchant_dba                 text,
  related_mid                  text,
  related_dba                  text,
  description                  text,
  income                       numeric,
  expense                      numeric,
  percentage                   numeric,
  agent_net                    numeric,
  is_recurring                 boolean,
  recurring_period             text,
  recurring_start_date         timestamptz,
  recurring_payment_count      numeric,
  recurring_max_payment_count  numeric,
  agents                       jsonb,
  source_created_at            timestamptz,
  irelandpay_data              jsonb not null,
  sync_flags                   jsonb,
  source_updated_at            timestamptz,
  last_sync_at                 timestamptz not null default now(),
  deleted_at                   timestamptz,
  unique (connection_id, irelandpay_line_item_id)
);
create index if not exists residual_line_items_by_month on residual_line_items (connection_id, residual_month);
create index if not exists residual_line_items_by_mid on residual_line_items (connection_id, irelandpay_mid);
create index if not exists residual_line_items_by_merchant on residual_line_items (merchant_id);

-- As in 0008: nobody but the owner sees rows.
do $$
declare
  adopted constant text[] := string_to_array(coalesce(current_setting('syncline.adopted', true), ''), ',');
  target text;
begin
  foreach target in array array[
    'processors', 'merchants', 'batches', 'transactions', 'residual_summaries', 'residuals', 'residual_line_items'
  ] loop
    if target <> all (adopted) then
      execute format('alter table %I enable row level security', target);
    end if;
  end loop;
end $$;
