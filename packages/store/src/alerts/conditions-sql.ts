import { type RawBuilder, sql } from 'kysely';
import { hasUnreadEntity } from '../queries/sync-outcome.js';
import { differences } from './differences-sql.js';
import { restored } from './restored-sql.js';
import { webhookSilence } from './webhook-silence-sql.js';

/** What the engine knows and the database does not. */
export interface JudgeOptions {
  /**
   * Which entities there are, and for each the ones whose sync brings it along: itself and all that depend on it.
   * Undefined where nothing starts by itself: then no data are older than they should be.
   */
  readonly entities?: readonly KnownEntity[] | undefined;
  /** The longest pause between two times of a cron expression. A schedule whose expression is missing does not count. */
  readonly pauses: readonly CronPause[];
}

export interface KnownEntity {
  readonly connector: string;
  readonly entity: string;
  readonly broughtBy: readonly string[];
}

export interface CronPause {
  readonly cron: string;
  readonly timeZone: string;
  readonly seconds: number;
}

/** More than so many failed syncs, within this time. */
const mostFailures = 2;
const hours = 24;

/** An average over ten minutes; of fewer syncs than this nothing is said. */
const slowSeconds = 600;
const leastSyncs = 3;

/** A first reading may take its time: a day, before it counts as late. */
const firstSyncSeconds = 86_400;
/** How long a sync may take on top of the pause, where pauses are short. */
const leewaySeconds = 600;
const entitiesNamed = 10;

/**
 * A select of what is wrong now: organization_id, connection_id, connector, kind and detail; a connection has a kind
 * once at most. It reads the syncs that ended lately by their index, and schedules and watermarks once each.
 *
 * stale: for each entity, the tightest enabled schedule that brings it sets the target: twice its pause, but ten minutes
 * more than the pause at least; or the connection's setting `freshnessMinutes`. Never for connections that are paused,
 * nor while the organization is stopped. An entity that no run has ended for yet counts only as long as that holds for
 * all of the connection: else it is one that a release has brought, and its turn comes.
 */
export function conditionsSql({ entities, pauses }: JudgeOptions): RawBuilder<unknown> {
  const parts = [failuresAndSlow, needsReauth, webhookSilence, differences, restored];
  if (entities !== undefined) parts.push(stale(entities, pauses));
  return sql.join(parts, sql` union all `);
}

/** A `partial` sync of which an entity was not read has failed. Windows of the history take as long as they take. */
const failuresAndSlow = sql`
  select c.organization_id, c.id as connection_id, c.connector, f.kind, f.detail
  from (
    select connection_id, count(*) filter (where has_failed) as failed,
      count(*) filter (where is_timed) as syncs,
      avg(extract(epoch from ended_at - coalesce(started_at, created_at))) filter (where is_timed) as seconds,
      (array_agg(error_code order by ended_at desc) filter (where has_failed))[1] as error_code
    from (
      select s.*, not (s.mode = 'backfill' and s.sync_type = 'history') as is_timed, s.status = 'failed' or s.status = 'partial' and ${hasUnreadEntity('s')} as has_failed
      from sync_jobs s
      where s.ended_at > now() - make_interval(hours => ${sql.lit(hours)})
        and s.status in ('succeeded', 'partial', 'failed')) as ended
    group by connection_id) as j
  join connections c on c.id = j.connection_id and c.deleted_at is null
  cross join lateral (
    select 'failures' as kind,
      jsonb_build_object('failed', j.failed, 'hours', ${sql.lit(hours)}::int, 'lastErrorCode', j.error_code) as detail
    where j.failed > ${sql.lit(mostFailures)}
    union all
    select 'slow', jsonb_build_object(
      'averageSeconds', round(j.seconds)::int, 'syncs', j.syncs, 'hours', ${sql.lit(hours)}::int)
    where j.seconds > ${sql.lit(slowSeconds)} and j.syncs >= ${sql.lit(leastSyncs)}) as f`;

const needsReauth = sql`
  select organization_id, id, connector, 'needs_reauth', jsonb_build_object() from connections where status = 'needs_reauth'`;

const stale = (entities: readonly KnownEntity[], pauses: readonly CronPause[]) => sql`
  select organization_id, id, connector, 'stale', jsonb_build_object(
    'count', max(late),
    'entities', jsonb_agg(jsonb_build_object(
      'entity', entity, 'targetMinutes', ceil(target / 60)::int,
      'confirmedAt', to_char(watermark at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by rank)
      filter (where rank <= ${sql.lit(entitiesNamed)}))
  from (
    select *, row_number() over (partition by id order by age / target desc, entity) as rank,
      count(*) over (partition by id) as late
    from (${ages(entities, pauses)}) as aged
    where age > target) as ranked
  group by organization_id, id, connector`;

/** Of each entity that somebody wants synced by itself: how old its data are, and how old they may be, in seconds. */
export const ages = (entities: readonly KnownEntity[], pauses: readonly CronPause[]) => sql`
  select c.organization_id, c.id, c.connector, e.entity, st.watermark,
    extract(epoch from now() - coalesce(st.watermark, greatest(c.created_at, min(s.created_at)))) as age,
    greatest(
      coalesce(
        case when jsonb_typeof(c.settings -> 'freshnessMinutes') = 'number'
          then (c.settings ->> 'freshnessMinutes')::numeric * 60 end,
        greatest(2 * min(s.pause), min(s.pause) + ${sql.lit(leewaySeconds)})),
      case when st.watermark is null then ${sql.lit(firstSyncSeconds)} else 1 end) as target
  from connections c
  join organizations o on o.id = c.organization_id and o.stopped_at is null
  join jsonb_to_recordset(${JSON.stringify(entities)}::jsonb) as e(connector text, entity text, "broughtBy" text[])
    on e.connector = c.connector
  join (
    select s.connection_id, s.entities, s.created_at, coalesce(s.interval_seconds, p.seconds) as pause
    from sync_schedules s
    left join jsonb_to_recordset(${JSON.stringify(pauses)}::jsonb) as p(cron text, "timeZone" text, seconds numeric)
      on p.cron = s.cron and p."timeZone" = s.time_zone
    where s.enabled and s.mode <> 'verify') as s
    on s.connection_id = c.id and s.pause is not null and (s.entities = '{}' or s.entities && e."broughtBy")
  left join sync_state st on st.connection_id = c.id and st.entity = e.entity
  where c.status <> 'paused'
    and (st.connection_id is not null or not exists (select from sync_state x where x.connection_id = c.id))
  group by c.id, e.entity, st.watermark`;
