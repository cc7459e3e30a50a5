-- Webhooks: what vendors have told, and what is still to be asked for again because of it.
-- Locks: ACCESS EXCLUSIVE on connections and sync_alerts for a moment (columns without a default, a check that is
-- validated over few rows); else creates only.

-- Sealed like the credentials: the keys that deliveries are signed with, where a vendor has told them in a handshake.
alter table connections add column webhook_keys bytea, add column webhook_keys_key_id text;

-- What is known of a connection's webhooks as a whole. Counters are moved a batch of deliveries at a time.
create table webhook_subscriptions (
  connection_id        uuid primary key references connections (id) on delete cascade,
  organization_id      uuid not null references organizations (id) on delete cascade,
  -- Until then a handshake is accepted. Null: nobody awaits one, and a key that comes is a stranger's.
  awaiting_until       timestamptz,
  handshake_at         timestamptz,
  -- The first delivery that was signed with the newest key; until then the key is shown to whoever set it up.
  verified_at          timestamptz,
  last_delivery_at     timestamptz,
  received             bigint not null default 0,
  duplicates           bigint not null default 0,
  ignored_type         bigint not null default 0,
  ignored_source       bigint not null default 0,
  refused              bigint not null default 0,
  last_refused_at      timestamptz,
  last_refused_reason  text
);

-- The ledger: one row for each event and record that it is about (or the entity, then without a vendor_id). Written
-- before the vendor is told that it has arrived, and also the queue: what is pending is asked for again, all rows of a
-- record at once. A row that comes while its record is being fetched is another one, and has it fetched once more.
create table webhook_deliveries (
  id               bigint generated always as identity primary key,
  organization_id  uuid not null references organizations (id) on delete cascade,
  connection_id    uuid not null references connections (id) on delete cascade,
  event_id         text not null,
  type             text not null,
  entity           text not null,
  vendor_id        text not null default '',
  -- By the vendor's clock.
  sent_at          timestamptz not null,
  received_at      timestamptz not null default now(),
  due_at           timestamptz not null,
  status           text not null default 'pending' check (status in ('pending', 'in_hand', 'done')),
  -- Whose hand it is in, and until when that counts.
  claim            uuid,
  claimed_until    timestamptz,
  attempts         integer not null default 0,
  -- written: the record was fetched and is stored. deleted: the vendor has it no more. unknown: nor have we. failed: a
  -- failed item has it. sync: a sync was started. expired: it waited for too long, the syncs have long passed it.
  outcome          text check (outcome in ('written', 'deleted', 'unknown', 'failed', 'sync', 'expired')),
  settled_at       timestamptz
);
-- Invariant: an event counts once for a record, however often it is delivered.
create unique index webhook_deliveries_once on webhook_deliveries (connection_id, event_id, entity, vendor_id);
create index webhook_deliveries_due on webhook_deliveries (connection_id, entity, due_at) where status = 'pending';
create index webhook_deliveries_pending on webhook_deliveries (connection_id, entity, vendor_id) where status = 'pending';
create index webhook_deliveries_in_hand on webhook_deliveries (claim) where status = 'in_hand';
create index webhook_deliveries_settled on webhook_deliveries (settled_at) where status = 'done';
create index webhook_deliveries_latest on webhook_deliveries (connection_id, received_at desc);

-- How many deliveries came in an hour: the habit by which silence is noticed.
create table webhook_hours (
  connection_id    uuid not null references connections (id) on delete cascade,
  hour             timestamptz not null,
  organization_id  uuid not null references organizations (id) on delete cascade,
  received         integer not null,
  primary key (connection_id, hour)
);
-- For what is older than any habit.
create index webhook_hours_by_hour on webhook_hours (hour);

alter table sync_alerts drop constraint sync_alerts_kind_check;
alter table sync_alerts add constraint sync_alerts_kind_check
  check (kind in ('failures', 'slow', 'stale', 'needs_reauth', 'webhook_silent'));

alter table webhook_subscriptions enable row level security;
alter table webhook_deliveries enable row level security;
alter table webhook_hours enable row level security;
