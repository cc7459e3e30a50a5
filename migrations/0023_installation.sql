-- What an installation knows about itself: which releases may work with this schema, whether Postgres is where it was, and
-- whether it has gone back in time. And a fencing token that no restored database hands out again.
-- Locks: ACCESS EXCLUSIVE on sync_progress and sync_alerts for a moment; sync_alerts is read once (its check).

create table syncline_installation (
  -- One row.
  only_one         boolean primary key default true check (only_one),
  -- The lowest number of the newest migration that a release must know to work with this schema. A migration that only
  -- adds leaves it alone; one that takes away what older releases use raises it, to the number of the first one with which
  -- a release has stopped using it: update syncline_installation set compatible_from = ...
  compatible_from  integer not null,
  -- SHA-256 of each migration's file as it was applied here, by its name.
  migration_hashes jsonb not null default '{}',
  -- Which life of the data this is: a restored backup begins another one. Those before it, newest last.
  identity         uuid not null default gen_random_uuid(),
  ancestors        uuid[] not null default '{}',
  -- Counted up by the reconciler, here first and then in Redis: a Redis that is ahead has seen what Postgres has lost.
  generation       bigint not null default 0,
  counted_at       timestamptz not null default now(),
  -- Where the database was when it was last counted up: server, database, schema. A copy finds itself elsewhere.
  place            text
);
insert into syncline_installation (compatible_from) values (22);

-- Each time that a restored backup was noticed: what is missing, and what was done about it.
create table syncline_restorations (
  id           uuid primary key default gen_random_uuid(),
  noticed_at   timestamptz not null default now(),
  -- What was committed after the first and before the second is not in Postgres any more.
  lost_from    timestamptz not null,
  lost_until   timestamptz not null,
  -- What was queued then is out of Redis, and what Postgres knows is back in. Null: under way.
  put_right_at timestamptz,
  -- For each connection: the sync that was started for what the vendor changed since, or why none was.
  syncs        jsonb not null default '[]'
);

-- The epoch counts up, and after a restore it would count up to numbers that were handed out before. This does not repeat.
alter table sync_progress add column claim uuid;

-- Which release a worker is of, for whoever looks whether all of a fleet were upgraded.
alter table workers add column release text;

alter table sync_alerts drop constraint sync_alerts_kind_check;
alter table sync_alerts add constraint sync_alerts_kind_check
  check (kind in ('failures', 'slow', 'stale', 'needs_reauth', 'webhook_silent', 'differences', 'restored'));

alter table syncline_installation enable row level security;
alter table syncline_restorations enable row level security;
