import { sql } from 'kysely';

/** Weeks of the past that make a habit. */
const weeksLooked = 4;
/** Deliveries that each of those weeks had in the hours that are silent now; fewer may be missing by chance. */
const leastExpected = 10;
/** A silence that is shorter is none. */
const leastHours = 2;
/** Where there is no full week to compare with, all that ever came is the habit. */
const leastHoursAtFirst = 72;

/**
 * A select of subscriptions that have fallen silent against their habit: in the hours since the last delivery, each of
 * the last weeks had deliveries, so that nights, weekends and a single busy day alarm nobody. The comparison is with the
 * week after the last delivery at most, and with weeks before it: a silence that lasts does not become the habit.
 */
export const webhookSilence = sql`
  select s.organization_id, s.connection_id, c.connector, 'webhook_silent', jsonb_build_object(
    'silentHours', floor(extract(epoch from now() - s.last_delivery_at) / 3600)::int,
    'expected', habit.expected,
    'lastDeliveryAt', to_char(s.last_delivery_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
  from webhook_subscriptions s
  join connections c on c.id = s.connection_id and c.deleted_at is null and c.status <> 'paused'
  cross join lateral (
    select least(${sql.lit(weeksLooked)}, floor(extract(epoch from s.last_delivery_at - min(hour)) / (7 * 86400)))::int
      as weeks
    from webhook_hours where connection_id = s.connection_id) as known
  cross join lateral (
    select min(total)::int as expected
    from generate_series(1, greatest(known.weeks, 1)) as k
    -- Each week by itself, a short way through the index: who has fallen silent may be all connections at once.
    cross join lateral (
      select coalesce(sum(received), 0) as total from webhook_hours
      where connection_id = s.connection_id
        and hour > case when known.weeks >= 1 then s.last_delivery_at - make_interval(weeks => k) else '-infinity' end
        and hour < case when known.weeks >= 1
          then least(now() - interval '1 hour', s.last_delivery_at + interval '7 days') - make_interval(weeks => k)
          else 'infinity' end) as weekly) as habit
  where habit.expected >= ${sql.lit(leastExpected)}
    and s.last_delivery_at < now() - make_interval(hours =>
      case when known.weeks >= 1 then ${sql.lit(leastHours)} else ${sql.lit(leastHoursAtFirst)} end)`;
