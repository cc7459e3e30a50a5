-- Numbers and cleaning up of one organization, where others have a long history: what is asked for one reads the rows of
-- one. At a million failed items their summary was 4.4 s for the tenant that has most of them, and is 0.6 s.
-- Locks: sync_jobs, sync_failed_items and sync_schedule_runs can be read but not written while their indexes are built,
-- some seconds for a million rows.

-- What cleanup_old_sync_data takes first. Indexes by age alone lead through everybody's rows.
create index sync_jobs_by_end_of_organization on sync_jobs (organization_id, ended_at) where ended_at is not null;
create index sync_failed_items_resolved_of_organization on sync_failed_items (organization_id, resolved_at)
  where status = 'resolved';
create index sync_schedule_runs_of_organization on sync_schedule_runs (organization_id, created_at);

-- All that get_failed_items_summary asks of an item: read without the item, which is as long as its payload.
create index sync_failed_items_in_numbers
  on sync_failed_items (organization_id, connection_id, entity, kind, error_code, status)
  include (attempts, created_at, updated_at, next_attempt_at);

-- After five calls in a session Postgres may settle for one plan for all organizations, made for none in particular: one
-- through everybody's rows.
alter function cleanup_old_sync_data(integer, uuid, integer) set plan_cache_mode = force_custom_plan;
alter function get_sync_stats(integer, uuid) set plan_cache_mode = force_custom_plan;
alter function get_sync_performance_trends(integer, uuid) set plan_cache_mode = force_custom_plan;
