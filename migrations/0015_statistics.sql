-- The numbers about syncing, for people with psql; the API has the same at /api/v1/analytics.
-- Locks: sync_progress can be read but not written while its index is built; else creates only.

-- How far an entity was complete at a moment of the past: its last run before that which had read every page. Backfills
-- say nothing about that.
create index sync_progress_whole on sync_progress (connection_id, entity, ended_at desc) include (upper_bound)
  where all_pages_read and status in ('succeeded', 'partial') and mode <> 'backfill' and upper_bound is not null;

-- The syncs of the last days in numbers.
--
-- Parameters  days_back     1 to 36500: by when syncs were asked for.
--             organization  null for all that the caller may see.
-- Result      a row for each connection and type of sync. success_rate is of those that ended by themselves, 0 to 1, and
--             counts a sync as a success if nothing of it failed. Seconds are from start to end.
-- Errors      22023 when days_back is out of bounds.
-- Locks       none.
create function get_sync_stats(days_back integer default 30, organization uuid default null)
returns table (
  organization_id    uuid,
  connection_id      uuid,
  connector          text,
  sync_type          text,
  total_syncs        bigint,
  succeeded          bigint,
  partial            bigint,
  failed             bigint,
  cancelled          bigint,
  running            bigint,
  success_rate       numeric,
  avg_seconds        double precision,
  p95_seconds        double precision,
  records_processed  bigint,
  records_created    bigint,
  records_updated    bigint,
  records_failed     bigint,
  last_sync_at       timestamptz,
  last_success_at    timestamptz
)
language plpgsql stable
as $$
begin
  perform require_days(days_back);
  return query
    select j.organization_id, j.connection_id, c.connector, j.sync_type, count(*),
      count(*) filter (where j.status = 'succeeded'), count(*) filter (where j.status = 'partial'),
      count(*) filter (where j.status = 'failed'), count(*) filter (where j.status = 'cancelled'),
      count(*) filter (where j.status in ('queued', 'running')),
      round(count(*) filter (where j.status = 'succeeded')::numeric
        / nullif(count(*) filter (where j.status in ('succeeded', 'partial', 'failed')), 0), 4),
      avg(extract(epoch from j.ended_at - j.started_at)::float8) filter (where j.status in ('succeeded', 'partial', 'failed')),
      percentile_cont(0.95) within group (order by extract(epoch from j.ended_at - j.started_at)::float8)
        filter (where j.status in ('succeeded', 'partial', 'failed')),
      coalesce(sum(p.records_read), 0)::bigint, coalesce(sum(p.records_created), 0)::bigint,
      coalesce(sum(p.records_updated), 0)::bigint, coalesce(sum(p.records_failed), 0)::bigint,
      max(j.created_at), max(j.ended_at) filter (where j.status = 'succeeded')
    from sync_jobs j
    join connections c on c.id = j.connection_id
    left join lateral (
      select sum(r.records_read) as records_read, sum(r.records_created) as records_created,
        sum(r.records_updated) as records_updated, sum(r.records_failed) as records_failed
      from sync_progress r where r.sync_job_id = j.id) as p on true
    where j.created_at >= now() - make_interval(days => days_back)
      and (organization is null or j.organization_id = organization)
    group by j.organization_id, j.connection_id, c.connector, j.sync_type
    order by j.organization_id, c.connector, j.connection_id, j.sync_type;
end $$;

-- The same by day, to see where it is going.
--
-- Parameters  as get_sync_stats has them.
-- Result      a row for each organization and day (UTC) that has any sync, the latest first. records_per_second is over the
--             time that syncs ran; vs_week_before compares the average duration with that of the seven days before (1.2:
--             a fifth longer; null: nothing to compare with).
-- Errors      22023 when days_back is out of bounds.
-- Locks       none.
create function get_sync_performance_trends(days_back integer default 30, organization uuid default null)
returns table (
  organization_id     uuid,
  day                 date,
  total_syncs         bigint,
  succeeded           bigint,
  failed              bigint,
  success_rate        numeric,
  avg_seconds         double precision,
  p95_seconds         double precision,
  records_processed   bigint,
  records_per_second  double precision,
  vs_week_before      double precision
)
language plpgsql stable
as $$
begin
  perform require_days(days_back);
  return query
    with days as (
      select j.organization_id as org, (j.created_at at time zone 'UTC')::date as at, count(*) as syncs,
        count(*) filter (where j.status = 'succeeded') as good,
        count(*) filter (where j.status = 'failed') as bad,
        count(*) filter (where j.status in ('succeeded', 'partial', 'failed')) as ended,
        sum(extract(epoch from j.ended_at - j.started_at)::float8) filter (where j.status in ('succeeded', 'partial', 'failed'))
          as seconds,
        percentile_cont(0.95) within group (order by extract(epoch from j.ended_at - j.started_at)::float8)
          filter (where j.status in ('succeeded', 'partial', 'failed')) as p95,
        coalesce(sum(p.records_read), 0)::bigint as records
      from sync_jobs j
      left join lateral (
        select sum(r.records_read) as records_read from sync_progress r where r.sync_job_id = j.id) as p on true
      -- A week more, for the first days to be compared with.
      where j.created_at >= now() - make_interval(days => days_back + 7)
        and (organization is null or j.organization_id = organization)
      group by 1, 2),
    compared as (
      select d.*, sum(d.seconds) over week as week_seconds, sum(d.ended) over week as week_ended
      from days d
      window week as (partition by d.org order by d.at range between '7 days' preceding and '1 day' preceding))
    select d.org, d.at, d.syncs, d.good, d.bad, round(d.good::numeric / nullif(d.ended, 0), 4),
      d.seconds / nullif(d.ended, 0), d.p95, d.records, d.records / nullif(d.seconds, 0),
      (d.seconds / nullif(d.ended, 0)) / nullif(d.week_seconds / nullif(d.week_ended, 0)::float8, 0)
    from compared d
    where d.at >= ((now() - make_interval(days => days_back)) at time zone 'UTC')::date
    order by d.org, d.at desc;
end $$;

-- Raises 22023 unless it is a number of days.
create function require_days(days integer) returns void language plpgsql immutable as $$
begin
  if days is null or days not between 1 and 36500 then
    raise exception 'days_back has to be from 1 to 36500, not %', coalesce(days::text, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
end $$;
