-- What the pages for repairing ask for: what happened to a failed item before, and verifications that are under way.
-- Locks: sync_failed_items can be read but not written while its index is built and its open rows are read, some seconds
-- for a million rows; the same of verifications, which has few.

-- What happened to a failed item, in its order. Written in the transactions that change the item: by the triggers below
-- what the fleet does, by the code what somebody does by hand, since only the code knows who. Goes with its item.
create table sync_failed_item_events (
  id               bigint generated always as identity,
  item_id          uuid not null references sync_failed_items (id) on delete cascade,
  organization_id  uuid not null references organizations (id) on delete cascade,
  at               timestamptz not null default clock_timestamp(),
  -- failed: an attempt came to nothing. dead: given up, waits for somebody. started: its retry is this sync.
  -- resolved: settled. edited, retried: by hand.
  kind             text not null check (kind in ('failed', 'dead', 'started', 'resolved', 'edited', 'retried')),
  -- Who did it by hand; of resolved also 'sync' and 'recovery'.
  actor            text,
  -- Of failed: how many attempts there were by then.
  attempt          integer,
  -- Of failed: what was wrong. The message is long: null where it is that of the attempt before.
  error_code       text,
  field            text,
  message          text,
  -- Without a foreign key: the item's history stays when the sync goes.
  sync_job_id      uuid,
  primary key (item_id, id)
);
alter table sync_failed_item_events enable row level security;

-- Items that are new, all of a statement at once: a page may bring hundreds.
-- Parameters: the rows as the transition table `born`. Locks: none but those of inserting.
create function note_new_failed_items() returns trigger language plpgsql as $$
begin
  insert into sync_failed_item_events (item_id, organization_id, kind, attempt, error_code, field, message, sync_job_id)
  select b.id, b.organization_id, 'failed', b.attempts, b.error_code, b.field, b.message, b.sync_job_id from born b;
  insert into sync_failed_item_events (item_id, organization_id, kind)
  select b.id, b.organization_id, 'dead' from born b where b.status = 'dead';
  return null;
end $$;
create trigger note_new_failed_items after insert on sync_failed_items referencing new table as born
  for each statement execute function note_new_failed_items();

-- What has become of an item. Parameters: the row before and after. Locks: none but those of inserting.
create function note_failed_item() returns trigger language plpgsql as $$
begin
  if new.attempts > old.attempts then
    insert into sync_failed_item_events
      (item_id, organization_id, kind, attempt, error_code, field, message, sync_job_id)
    values (new.id, new.organization_id, 'failed', new.attempts, new.error_code, new.field,
      nullif(new.message, old.message), new.sync_job_id);
  end if;
  if new.status <> old.status and new.status in ('dead', 'resolved') then
    insert into sync_failed_item_events (item_id, organization_id, kind, actor, message, sync_job_id)
    values (new.id, new.organization_id, new.status, new.resolved_by, case new.status when 'resolved' then new.note end,
      case when new.resolved_by = 'sync' then new.sync_job_id end);
  elsif new.status = 'retrying' and new.sync_job_id is distinct from old.sync_job_id then
    insert into sync_failed_item_events (item_id, organization_id, kind, sync_job_id)
    values (new.id, new.organization_id, 'started', new.sync_job_id);
  end if;
  return null;
end $$;
-- Claims, which come and go without anything having happened, do not call it.
create trigger note_failed_item after update on sync_failed_items for each row
  when (new.attempts > old.attempts or new.status <> old.status and new.status in ('dead', 'resolved')
    or new.status = 'retrying' and new.sync_job_id is distinct from old.sync_job_id)
  execute function note_failed_item();

-- A record that fails in every sync would have a line for each: of an item the first line and the latest hundred stay.
create function bound_failed_item_events() returns trigger language plpgsql as $$
begin
  delete from sync_failed_item_events e
  where e.item_id = new.item_id
    and e.id <= (select id from sync_failed_item_events where item_id = new.item_id order by id desc offset 100 limit 1)
    and e.id > (select min(id) from sync_failed_item_events where item_id = new.item_id);
  return null;
end $$;
-- Most items fail once and are well.
create trigger bound_failed_item_events after insert on sync_failed_item_events for each row
  when (new.kind in ('edited', 'retried') or new.attempt > 1) execute function bound_failed_item_events();

-- Of the items that are open already no more is known than when they failed first, and how they failed last.
insert into sync_failed_item_events (item_id, organization_id, at, kind, attempt, error_code, field, message, sync_job_id)
select id, organization_id, created_at, 'failed', 1, case when attempts <= 1 then error_code end,
  case when attempts <= 1 then field end, case when attempts <= 1 then message end,
  case when attempts <= 1 then sync_job_id end
from sync_failed_items where status <> 'resolved';
insert into sync_failed_item_events (item_id, organization_id, at, kind, attempt, error_code, field, message, sync_job_id)
select id, organization_id, updated_at, 'failed', attempts, error_code, field, message, sync_job_id
from sync_failed_items where status <> 'resolved' and attempts > 1;

-- The earlier items of the same record.
create index sync_failed_items_earlier on sync_failed_items (connection_id, entity, vendor_id, resolved_at desc)
  where status = 'resolved';

-- Whether a verification has moved since a moment ago: asked once a second while somebody looks.
create index verifications_live_of_organization on verifications (organization_id)
  where status in ('queued', 'running') or repair = 'asked';
create index verifications_latest_of_organization on verifications (organization_id, created_at desc);
