-- What the dashboard's pages and its event stream ask for: answers that read the rows they show, and no others.
-- Locks: sync_failed_items and sync_alerts can be read but not written while their indexes are built, some seconds for a
-- million rows.

-- Open failed items in numbers: by connection, and by what is wrong. Read without the items, which are as long as their
-- payloads: counting a hundred thousand of them would read them all. An index takes no long text, so the names of fields,
-- which a vendor may make up, are cut where they are written, and here once.
update sync_failed_items set field = left(field, 200) where length(field) > 200;
create index sync_failed_items_open_groups
  on sync_failed_items (organization_id, connection_id, entity, kind, error_code, field)
  include (status, created_at, updated_at, id) where status <> 'resolved';
-- Whether anything has changed among them since a moment ago: one step, asked once a second while somebody looks.
create index sync_failed_items_by_change on sync_failed_items (organization_id, updated_at desc);

-- The alerts that are open, among years of those that are not.
create index sync_alerts_open_of_organization on sync_alerts (organization_id, connection_id) where cleared_at is null;
