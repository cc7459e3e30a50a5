-- Webhooks of vendors that do not sign: signals that are about some days of an entity, and that are not followed as often as
-- somebody likes to send them.
-- Locks: ACCESS EXCLUSIVE on webhook_deliveries for a moment (columns with constant defaults), then SHARE while the index
-- is built over what a week has left in it.

-- Given, the row is not about a record but about these days, to be synced anew: {"from", "to": YYYY-MM-DD, both included,
-- "with": entities that are synced before}. Then vendor_id is what tells the span from others of the entity.
alter table webhook_deliveries add column span jsonb;
-- So long after the last sync that was started for the entity the one for this row begins, at the earliest.
alter table webhook_deliveries add column rest_seconds integer not null default 0;

-- For the last sync that was started for an entity.
create index webhook_deliveries_syncs on webhook_deliveries (connection_id, entity, settled_at desc) where outcome = 'sync';
