import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../open-database.js';
import { isServed } from '../queries/fleet.js';
import { type Standing, standingOf } from '../queries/standing.js';
import type { JobStatus, WaitReason } from '../schema.js';
import type { RunShare } from './list-overview.js';

/** What may change under somebody who looks at it. */
export const changingThings = [
  'failed-items',
  'alerts',
  'connections',
  'schedules',
  'webhooks',
  'verifications',
  'stop',
] as const;
export type ChangingThing = (typeof changingThings)[number];

/** How an organization stands now. */
export interface OrganizationNow {
  /** Those that live, and those that have ended within the last minute; some hundreds at most. */
  readonly jobs: readonly JobNow[];
  /** Another text when something has changed there. The same in every process. */
  readonly marks: Readonly<Record<ChangingThing, string>>;
  readonly isStopped: boolean;
  /** Any worker is alive. */
  readonly isServed: boolean;
}

export interface JobNow {
  readonly id: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly connector: string;
  readonly status: JobStatus;
  readonly standing: Standing;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** In the order they are synced. */
  readonly runs: readonly RunNow[];
}

export type RunNow = RunShare & {
  readonly recordsFailed: number;
  /** What it waits for; null also when that is over. */
  readonly restsFor: WaitReason | null;
};

/** Of the jobs that live, and of those that have ended. Who has more cannot look at them all. */
const mostJobs = 200;

/**
 * Times are those at which transactions began: one that is committed after another may have begun before it, and move no
 * newest time. So the items of the last half minute before that are counted as well; so many at most.
 */
const mostItems = 5_000;

type Row = { [Thing in ChangingThing]: string } & { isServed: boolean } & Omit<JobNow, 'id'> & { id: string | null };

/** One statement: steps through indexes, and the organization's own connections and schedules. */
export async function readNow(db: Db, organizationId: string): Promise<OrganizationNow> {
  const { rows } = await nowSql(organizationId).execute(db);
  const [first] = rows;
  if (first === undefined) throw new Error('there is one row at least');
  const marks = Object.fromEntries(changingThings.map((thing) => [thing, first[thing]]));
  return {
    jobs: rows.flatMap(({ id, connectionId, connectionName, connector, status, standing, startedAt, endedAt, runs }) =>
      id === null ? [] : [{ id, connectionId, connectionName, connector, status, standing, startedAt, endedAt, runs }],
    ),
    marks: marks as OrganizationNow['marks'],
    isStopped: first.stop !== '',
    isServed: first.isServed,
  };
}

/** The statement by itself, for whoever looks at its plan. */
export function nowSql(organizationId: string): RawBuilder<Row> {
  const own = sql`organization_id = ${organizationId}`;
  return sql<Row>`
    with shown as materialized (
      (select id from sync_jobs where ${own} and status in ('queued', 'running')
        order by status desc, created_at limit ${sql.lit(mostJobs)})
      union all
      (select id from sync_jobs where ${own} and ended_at > now() - interval '1 minute'
        order by ended_at desc limit ${sql.lit(mostJobs)}))
    select m.*, ${isServed} as "isServed", jobs.* from (
      select
        (select concat_ws(' ', ${moment('newest')}, (select count(*) from (
            select from sync_failed_items where ${own} and updated_at > newest - interval '30 s'
            limit ${sql.lit(mostItems)}) as late))
          from (select max(updated_at) as newest from sync_failed_items where ${own}) as items) as "failed-items",
        concat_ws(' ', (select ${moments('raised_at')} from sync_alerts where ${own} and cleared_at is null),
          (select ${moment('max(raised_at)')} from sync_alerts where ${own})) as alerts,
        (select concat_ws(' ', count(*) filter (where deleted_at is null), ${moments('updated_at')})
          from connections where ${own}) as connections,
        (select concat_ws(' ', count(*), ${moments('updated_at')}) from sync_schedules where ${own}) as schedules,
        (select concat_ws(' ', sum(received), sum(refused), ${moment('max(verified_at)')}, ${moment('max(awaiting_until)')})
          from webhook_subscriptions where ${own}) as webhooks,
        concat_ws(' ', (select ${moment('max(created_at)')} from verifications where ${own}),
          (select string_agg(concat_ws(' ', v.id, v.status, v.waiting_for, v.repair, e.moved), ',' order by v.id)
            from verifications v
            cross join lateral (
              select string_agg(concat_ws(' ', status, pages, repair_job_id, repaired), ';' order by position) as moved
              from verification_entities where verification_id = v.id) as e
            where v.organization_id = ${organizationId} and (v.status in ('queued', 'running') or v.repair = 'asked'))
          ) as verifications,
        coalesce((select ${moment('stopped_at')} from organizations where id = ${organizationId}), '') as stop) as m
    left join (
      select j.id, j.connection_id as "connectionId", c.name as "connectionName", c.connector, j.status, ${standingOf} as standing, j.started_at as "startedAt",
        j.ended_at as "endedAt", coalesce(r.runs, '[]') as runs
      from shown
      join sync_jobs j on j.id = shown.id
      join connections c on c.id = j.connection_id
      join organizations o on o.id = j.organization_id
      left join lateral (
        select jsonb_agg(jsonb_build_object('entity', entity, 'status', status, 'recordsRead', records_read,
          'recordsExpected', records_expected, 'recordsFailed', records_failed,
          'restsFor', case when waiting_until > now() then waiting_for end) order by position) as runs
        from sync_progress where sync_job_id = j.id) as r on true) as jobs on true
    order by jobs."endedAt" nulls first, jobs.id`;
}

/** A time in a form that does not depend on the session's time zone. */
function moment(expression: string): RawBuilder<string | null> {
  return sql<string | null>`extract(epoch from ${sql.raw(expression)})::text`;
}

/** The times of all rows in one number, which is another one as soon as any of them has changed. */
function moments(column: string): RawBuilder<string | null> {
  return sql<string | null>`sum(extract(epoch from ${sql.ref(column)}))::text`;
}
