-- Alerts: what is wrong with a connection, from when until when, and the messages about it that have to reach a webhook.
-- And an index that keeps the fleet's duties from reading history.
-- Locks: sync_progress can be read but not written while its index is built; else creates only.

create table sync_alerts (
  id               uuid primary key default gen_random_uuid(),
  organization_id  uuid not null references organizations (id) on delete cascade,
  -- No foreign key: the alert of a connection that is deleted is cleared like any other, and whoever was told that it
  -- was raised is told so. For the same reason the connector stands here.
  connection_id    uuid not null,
  connector        text not null,
  kind             text not null check (kind in ('failures', 'slow', 'stale', 'needs_reauth')),
  -- Numbers, names of entities and codes, as they were when it was raised; never contents of records.
  detail           jsonb not null default '{}',
  raised_at        timestamptz not null default now(),
  cleared_at       timestamptz
);
-- Invariant: one open alert of a kind a connection. Two who judge at once raise it once.
create unique index sync_alerts_open on sync_alerts (connection_id, kind) where cleared_at is null;
create index sync_alerts_by_organization on sync_alerts (organization_id, raised_at desc, id);
-- Retention finds what is old.
create index sync_alerts_cleared on sync_alerts (cleared_at) where cleared_at is not null;

-- Messages to the webhook: written with the alert, in its transaction, and sent until the receiver has taken them. The
-- row's id goes along as webhook-id, so that a receiver knows a message that comes twice.
create table sync_alert_deliveries (
  id               uuid primary key default gen_random_uuid(),
  organization_id  uuid not null references organizations (id) on delete cascade,
  alert_id         uuid not null references sync_alerts (id) on delete cascade,
  event            text not null check (event in ('alert.raised', 'alert.cleared')),
  -- As it is signed and sent, the same at every try.
  body             text not null,
  status           text not null default 'pending' check (status in ('pending', 'delivered', 'given_up')),
  attempts         integer not null default 0,
  -- When it is tried next. Whoever takes it in hand sets it to when it is free again, should he die.
  next_attempt_at  timestamptz not null default now(),
  -- Of the last try: a code of the catalogue, and the receiver's status if there was an answer.
  error_code       text,
  http_status      integer,
  created_at       timestamptz not null default now(),
  ended_at         timestamptz,
  unique (alert_id, event)
);
create index sync_alert_deliveries_due on sync_alert_deliveries (next_attempt_at) where status = 'pending';

-- Entity runs that have not ended: a few, among the history of months. A worker looks for them every few seconds.
create index sync_progress_live on sync_progress (sync_job_id) where status in ('pending', 'running');

alter table sync_alerts enable row level security;
alter table sync_alert_deliveries enable row level security;
