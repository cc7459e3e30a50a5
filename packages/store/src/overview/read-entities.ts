import { sql } from 'kysely';
import type { KnownEntity } from '../alerts/conditions-sql.js';
import type { Db } from '../open-database.js';
import type { Connection } from '../queries/connections.js';
import type { RunStatus, SyncMode } from '../schema.js';

/** What is known of an entity of a connection, but for its rows. */
export interface EntityFacts {
  readonly entity: string;
  /** Up to when it is known to be complete. */
  readonly watermark: Date | null;
  /** When its last run ended that read everything that it was to read. */
  readonly lastSyncedAt: Date | null;
  /** Seconds since the watermark. */
  readonly ageSeconds: number | null;
  /** A schedule that is in force brings it. */
  readonly isEnabled: boolean;
  readonly openFailedItems: number;
  readonly lastRun: {
    readonly jobId: string;
    readonly status: RunStatus;
    readonly mode: SyncMode;
    readonly endedAt: Date | null;
  } | null;
  /** What the last verification found that was done with it. */
  readonly drift: {
    readonly verificationId: string;
    readonly endedAt: Date | null;
    readonly missing: number;
    readonly extra: number;
    /** Of another version, or of the same and with other contents. */
    readonly different: number;
    /** A repair has put it right since; nobody has looked again. */
    readonly repaired: boolean;
  } | null;
}

/** Runs are looked for in so many jobs; who was in none of them has not been synced for long. */
const jobsLookedAt = 200;

interface Row extends Omit<EntityFacts, 'lastRun' | 'drift'> {
  jobId: string | null;
  runStatus: RunStatus;
  runMode: SyncMode;
  runEndedAt: Date | null;
  verificationId: string | null;
  verifiedAt: Date | null;
  missing: number;
  extra: number;
  different: number;
  repaired: boolean;
}

/** One statement, for all entities of a connection; in the order in which they are given. */
export async function readEntityFacts(
  db: Db,
  { id, organizationId }: Pick<Connection, 'id' | 'organizationId'>,
  entities: readonly KnownEntity[],
): Promise<EntityFacts[]> {
  const { rows } = await sql<Row>`
    with latest as materialized (
      select id, created_at from sync_jobs where organization_id = ${organizationId} and connection_id = ${id}
      order by created_at desc limit ${sql.lit(jobsLookedAt)})
    select e.entity, st.watermark, extract(epoch from now() - st.watermark)::float8 as "ageSeconds",
      whole.ended_at as "lastSyncedAt", f.open as "openFailedItems",
      exists (select from sync_schedules s where s.connection_id = ${id} and s.enabled and s.mode <> 'verify'
        and (s.entities = '{}' or s.entities && e."broughtBy")) as "isEnabled",
      run.id as "jobId", run.status as "runStatus", run.mode as "runMode", run.ended_at as "runEndedAt",
      v.id as "verificationId", v.ended_at as "verifiedAt", v.repaired, d.missing, d.extra, d.different
    from jsonb_to_recordset(${JSON.stringify(entities.map((entity, place) => ({ ...entity, place })))}::jsonb)
      as e(entity text, "broughtBy" text[], place int)
    left join sync_state st on st.connection_id = ${id} and st.entity = e.entity
    left join lateral (
      select p.ended_at from sync_progress p
      where p.connection_id = ${id} and p.entity = e.entity and p.ended_at is not null
        -- As the index sync_progress_whole has it.
        and p.all_pages_read and p.status in ('succeeded', 'partial') and p.mode <> 'backfill'
        and p.upper_bound is not null
      order by p.ended_at desc limit 1) as whole on true
    left join lateral (
      select l.id, p.status, p.mode, p.ended_at from latest l
      join sync_progress p on p.sync_job_id = l.id and p.entity = e.entity
      order by l.created_at desc limit 1) as run on true
    cross join lateral (
      select count(*) as open from sync_failed_items i
      where i.organization_id = ${organizationId} and i.connection_id = ${id} and i.entity = e.entity
        and i.status <> 'resolved') as f
    left join lateral (
      select w.id, w.ended_at, ve.repaired from verifications w
      join verification_entities ve on ve.verification_id = w.id and ve.entity = e.entity and ve.status = 'done'
      where w.organization_id = ${organizationId} and w.connection_id = ${id} and w.status = 'done'
      order by w.created_at desc limit 1) as v on true
    left join lateral (
      select count(*) filter (where kind = 'missing') as missing, count(*) filter (where kind = 'extra') as extra,
        count(*) filter (where kind in ('stale', 'different')) as different
      from verification_findings vf where vf.verification_id = v.id and vf.entity = e.entity) as d on true
    order by e.place`.execute(db);
  return rows.map(
    ({
      jobId,
      runStatus,
      runMode,
      runEndedAt,
      verificationId,
      verifiedAt,
      missing,
      extra,
      different,
      repaired,
      ...same
    }) => ({
      ...same,
      lastRun: jobId === null ? null : { jobId, status: runStatus, mode: runMode, endedAt: runEndedAt },
      drift:
        verificationId === null ? null : { verificationId, endedAt: verifiedAt, missing, extra, different, repaired },
    }),
  );
}
