import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../open-database.js';

/** One organization, or all of them. */
export type Scope = string | undefined;

const within = (scope: Scope, column: string): RawBuilder<unknown> =>
  scope === undefined ? sql`true` : sql`${sql.ref(column)} = ${scope}`;

/** What is not done that should be, or is stopped, in numbers. */
export interface WorkFacts {
  readonly stopped: number;
  readonly paused: number;
  readonly needsReauth: number;
  readonly inError: number;
  readonly connections: number;
  /** Live jobs that may go on and that nobody has touched for a minute. */
  readonly quietJobs: readonly string[];
  /** Of live jobs that may go on: seconds since the oldest that has not begun was asked for. */
  readonly oldestQueuedSeconds: number | null;
  /** Entity runs that are open although their job has ended. */
  readonly orphans: number;
  readonly openItems: number;
  readonly deadItems: number;
  /** Connections and entities with this many open items. */
  readonly crowded: readonly string[];
  /** Enabled schedules of connections that may be synced, overdue by five minutes. */
  readonly overdueSchedules: number;
  /** Histories that have failed several times in a row. */
  readonly stuckHistories: number;
  /** Kinds of open alerts, with how many there are. */
  readonly alerts: Readonly<Record<string, number>>;
}

/** Reads them by their indexes; one statement. `crowdedAt`: how many open items of an entity are many. */
export async function readWorkFacts(db: Db, scope: Scope, crowdedAt: number): Promise<WorkFacts> {
  const { rows } = await sql<WorkFacts>`
    with live as (
      select j.id, j.status, j.created_at, greatest(j.created_at, max(p.heartbeat_at), max(p.waiting_until)) as seen_at
      from sync_jobs j
      join connections c on c.id = j.connection_id and c.status <> 'paused'
      join organizations o on o.id = j.organization_id and o.stopped_at is null
      left join sync_progress p on p.sync_job_id = j.id
      where j.status in ('queued', 'running') and ${within(scope, 'j.organization_id')}
      group by j.id
    ), items as (
      select connection_id, entity, status, count(*) as n from sync_failed_items
      where status <> 'resolved' and ${within(scope, 'organization_id')} group by 1, 2, 3
    ), mine as (
      select * from connections where deleted_at is null and ${within(scope, 'organization_id')}
    )
    select
      (select count(*) from organizations where stopped_at is not null and ${within(scope, 'id')}) as stopped,
      (select count(*) from mine) as connections,
      (select count(*) from mine where status = 'paused') as paused,
      (select count(*) from mine where status = 'needs_reauth') as "needsReauth",
      (select count(*) from mine where status = 'error') as "inError",
      array(select id::text from live where seen_at < now() - interval '1 minute' order by created_at) as "quietJobs",
      (select extract(epoch from now() - min(created_at))::int from live where status = 'queued') as "oldestQueuedSeconds",
      (select count(*) from sync_progress p join sync_jobs j on j.id = p.sync_job_id
        where p.status in ('pending', 'running') and j.status not in ('queued', 'running')
          and ${within(scope, 'p.organization_id')}) as orphans,
      (select coalesce(sum(n), 0)::int from items) as "openItems",
      (select coalesce(sum(n), 0)::int from items where status = 'dead') as "deadItems",
      array(select connection_id || ' ' || entity from items group by 1, connection_id, entity
        having sum(n) >= ${crowdedAt}) as crowded,
      (select count(*) from sync_schedules s join mine c on c.id = s.connection_id and c.status in ('active', 'error')
        join organizations o on o.id = s.organization_id and o.stopped_at is null
        where s.enabled and s.next_due_at < now() - interval '5 minutes') as "overdueSchedules",
      (select count(*) from history_backfills h
        where h.state = 'running' and h.attempts >= 3 and ${within(scope, 'h.organization_id')}) as "stuckHistories",
      (select coalesce(jsonb_object_agg(kind, n), '{}') from (
        select kind, count(*) as n from sync_alerts where cleared_at is null and ${within(scope, 'organization_id')}
        group by kind) as open) as alerts`.execute(db);
  const [facts] = rows;
  if (facts === undefined) throw new Error('Postgres did not answer');
  return facts;
}

/** A worker that has shown a sign of life within the last day. */
export interface WorkerFacts {
  readonly host: string;
  readonly pid: number;
  readonly release: string | null;
  readonly quietSeconds: number;
}

/** All of them, the latest first. */
export async function listWorkers(db: Db): Promise<WorkerFacts[]> {
  const { rows } = await sql<WorkerFacts>`
    select host, pid, release, extract(epoch from now() - seen_at)::int as "quietSeconds" from workers
    order by seen_at desc`.execute(db);
  return rows;
}

/** Ids of jobs, of those given, that are over or that Postgres does not know. */
export async function endedOf(db: Db, jobIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select given.id from unnest(${jobIds}::uuid[]) as given (id)
    where not exists (select from sync_jobs j where j.id = given.id and j.status in ('queued', 'running'))`.execute(db);
  return rows.map(({ id }) => id);
}
