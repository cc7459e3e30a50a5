import { sql } from 'kysely';
import type { CronPause, KnownEntity } from '../alerts/conditions-sql.js';
import { ages } from '../alerts/conditions-sql.js';
import type { Db } from '../open-database.js';

/** How old an entity's data are. */
export interface Freshness {
  readonly connectionId: string;
  readonly connectionName: string;
  readonly connector: string;
  readonly entity: string;
  /** Up to when it is known to be complete; null when no sync of it has come through yet. */
  readonly confirmedAt: Date | null;
  readonly ageSeconds: number;
  /** How old they may be by the schedules, or by the connection's setting. */
  readonly targetSeconds: number;
}

/**
 * Of every entity of an organization's connections that a schedule brings: how old its data are now. Of these connections
 * only, if any are named: others cost nothing then.
 */
export async function readFreshness(
  db: Db,
  organizationId: string,
  entities: readonly KnownEntity[],
  pauses: readonly CronPause[],
  connectionIds?: readonly string[],
): Promise<Freshness[]> {
  const named = connectionIds === undefined ? sql`true` : sql`a.id = any(${[...connectionIds]}::uuid[])`;
  const { rows } = await sql<Freshness>`
    select a.id as "connectionId", c.name as "connectionName", a.connector, a.entity, a.watermark as "confirmedAt",
      a.age::float8 as "ageSeconds", a.target::float8 as "targetSeconds"
    from (${ages(entities, pauses)}) as a
    join connections c on c.id = a.id
    where a.organization_id = ${organizationId} and ${named}
    order by a.connector, c.name, a.id, a.entity`.execute(db);
  return rows;
}

/** How old an entity's data were at a moment; null before it was complete for the first time. */
export interface FreshnessPoint {
  readonly connectionId: string;
  readonly connector: string;
  readonly entity: string;
  readonly at: Date;
  readonly ageSeconds: number | null;
}

/**
 * The same at moments of the past, from the runs that are still in the history: an entity was complete up to the bound of
 * its last whole run that had ended by then. One step through an index for each entity and moment.
 */
export async function readFreshnessAt(
  db: Db,
  organizationId: string,
  entities: readonly KnownEntity[],
  moments: readonly Date[],
  connectionId: string | undefined,
): Promise<FreshnessPoint[]> {
  const { rows } = await sql<FreshnessPoint>`
    select c.id as "connectionId", c.connector, e.entity, m.at,
      extract(epoch from m.at - w.upper_bound)::float8 as "ageSeconds"
    from connections c
    join jsonb_to_recordset(${JSON.stringify(entities)}::jsonb) as e(connector text, entity text) on e.connector = c.connector
    cross join unnest(${moments.map((at) => at.toISOString())}::timestamptz[]) as m(at)
    left join lateral (
      select p.upper_bound from sync_progress p
      where p.connection_id = c.id and p.entity = e.entity and p.ended_at <= m.at
        -- As the index sync_progress_whole has it.
        and p.all_pages_read and p.status in ('succeeded', 'partial') and p.mode <> 'backfill'
        and p.upper_bound is not null
        -- What an access of a job's own was shown is not known to be all. Not by a join, which would be with all jobs.
        and (select j.adhoc_host from sync_jobs j where j.id = p.sync_job_id) is null
      order by p.ended_at desc limit 1) as w on true
    where c.organization_id = ${organizationId} and c.deleted_at is null
      and (${connectionId ?? null}::uuid is null or c.id = ${connectionId ?? null}::uuid)
    order by c.connector, c.id, e.entity, m.at`.execute(db);
  return rows;
}
