import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../open-database.js';
import { nextSyncAt } from '../queries/connection-views.js';
import type { RunProgress } from '../queries/progress.js';
import type { ConnectionStatus, JobStatus } from '../schema.js';
import { type ConnectionState, statesSql } from './states-sql.js';

/** A connection as a list of many shows it. */
export interface OverviewRow {
  readonly id: string;
  readonly organizationId: string;
  readonly connector: string;
  readonly name: string;
  readonly status: ConnectionStatus;
  readonly statusReason: string | null;
  readonly settings: Record<string, unknown>;
  readonly state: ConnectionState;
  readonly openAlerts: number;
  readonly openFailedItems: number;
  /** The job that has not ended. */
  readonly live: {
    readonly jobId: string;
    readonly status: JobStatus;
    readonly startedAt: Date | null;
    readonly runs: readonly RunShare[];
  } | null;
  /** The newest job that has ended. */
  readonly last: {
    readonly jobId: string;
    readonly status: JobStatus;
    readonly endedAt: Date | null;
    readonly durationSeconds: number | null;
  } | null;
  readonly nextSyncAt: Date | null;
}

/** As much of an entity run as says how far its job is. */
export type RunShare = Pick<RunProgress, 'entity' | 'status' | 'recordsRead' | 'recordsExpected'>;

/** Where a page of the list ended. */
export interface OverviewPlace {
  readonly rank: number;
  readonly name: string;
  readonly id: string;
}

export interface OverviewFilter {
  /** A part of the name or of the connector's id, in whatever case. */
  readonly search?: string | undefined;
  readonly connector?: string | undefined;
  readonly state?: ConnectionState | undefined;
  readonly after?: OverviewPlace | undefined;
}

/** The place of a row in the list: problems first, then by name. */
export function placeOf({ state, name, id }: OverviewRow): OverviewPlace {
  return { rank: state === 'problem' ? 0 : 1, name, id };
}

interface Row {
  id: string;
  connector: string;
  name: string;
  status: ConnectionStatus;
  statusReason: string | null;
  settings: Record<string, unknown>;
  state: ConnectionState;
  openAlerts: number;
  openFailedItems: number;
  liveId: string | null;
  liveStatus: JobStatus;
  liveStartedAt: Date | null;
  runs: RunShare[];
  lastId: string | null;
  lastStatus: JobStatus;
  lastEndedAt: Date | null;
  lastSeconds: number | null;
  nextSyncAt: Date | null;
}

/**
 * An organization's connections, problems first, then by name; at most `limit`. One statement: all of them are judged,
 * and what is shown is read of those that are.
 */
export async function listOverview(
  db: Db,
  organizationId: string,
  filter: OverviewFilter,
  limit: number,
): Promise<OverviewRow[]> {
  const { rows } = await overviewSql(organizationId, filter, limit).execute(db);
  return rows.map(
    ({ liveId, liveStatus, liveStartedAt, runs, lastId, lastStatus, lastEndedAt, lastSeconds, ...same }) => ({
      ...same,
      organizationId,
      live: liveId === null ? null : { jobId: liveId, status: liveStatus, startedAt: liveStartedAt, runs },
      last:
        lastId === null
          ? null
          : { jobId: lastId, status: lastStatus, endedAt: lastEndedAt, durationSeconds: lastSeconds },
    }),
  );
}

/** The statement by itself, for whoever looks at its plan. */
export function overviewSql(organizationId: string, filter: OverviewFilter, limit: number): RawBuilder<Row> {
  const { search, connector, state, after } = filter;
  const rank = sql`case state when 'problem' then 0 else 1 end`;
  const conditions = [
    sql`true`,
    ...(search === undefined
      ? []
      : [sql`(position(lower(${search}) in lower(name)) > 0 or position(lower(${search}) in connector) > 0)`]),
    ...(connector === undefined ? [] : [sql`connector = ${connector}`]),
    ...(state === undefined ? [] : [sql`state = ${state}`]),
    ...(after === undefined
      ? []
      : [sql`(${rank}, name, id) > (${after.rank}::int, ${after.name}::text, ${after.id}::uuid)`]),
  ];
  return sql<Row>`
    with page as materialized (
      select * from (${statesSql(organizationId)}) as stands
      where ${sql.join(conditions, sql` and `)}
      order by ${rank}, name, id limit ${limit})
    select p.id, p.connector, p.name, p.status, p.status_reason as "statusReason", c.settings, p.state,
      p.open_alerts as "openAlerts", f.open as "openFailedItems",
      live.id as "liveId", live.status as "liveStatus", live.started_at as "liveStartedAt", coalesce(r.runs, '[]') as runs,
      last.id as "lastId", last.status as "lastStatus", last.ended_at as "lastEndedAt",
      extract(epoch from last.ended_at - last.started_at)::float8 as "lastSeconds", ${nextSyncAt} as "nextSyncAt"
    from page p
    join connections c on c.id = p.id
    cross join lateral (
      select count(*) as open from sync_failed_items f
      where f.organization_id = ${organizationId} and f.connection_id = p.id and f.status <> 'resolved') as f
    left join sync_jobs live on live.connection_id = p.id and live.status in ('queued', 'running')
    left join lateral (
      select jsonb_agg(jsonb_build_object('entity', entity, 'status', status, 'recordsRead', records_read,
        'recordsExpected', records_expected) order by position) as runs
      from sync_progress where sync_job_id = live.id) as r on true
    left join lateral (
      select j.id, j.status, j.started_at, j.ended_at from sync_jobs j
      where j.connection_id = p.id and j.status not in ('queued', 'running')
      order by j.created_at desc limit 1) as last on true
    order by ${sql`case p.state when 'problem' then 0 else 1 end`}, p.name, p.id`;
}
