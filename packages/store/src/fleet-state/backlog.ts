import { sql } from 'kysely';
import type { Db } from '../open-database.js';

/** Work that nobody has taken although somebody could have. */
export interface Backlog {
  /** Empty, as the entity, for the step that ends a job: all connectors have one queue for it. */
  readonly connector: string;
  readonly entity: string;
  /** Since the oldest of it could have been taken. */
  readonly seconds: number;
}

/**
 * Since when the next step of each live job could have been taken, by Postgres alone: so it is seen also where a queue has
 * lost it. The steps of a job are a chain: only the first that has not ended can be taken, from when the one before has
 * ended, from the end of its rest, or from its last sign of life; one with a sign of life in ten seconds is being worked
 * on. Jobs that are paused wait for somebody, not for a worker.
 */
export async function readBacklog(db: Db): Promise<Backlog[]> {
  const { rows } = await sql<Backlog>`
    select connector, entity, max(extract(epoch from now() - since))::float8 as seconds
    from (
      select case when next.entity is null then '' else c.connector end as connector,
        coalesce(next.entity, '') as entity,
        case
          when next.entity is null or next.status = 'pending' then greatest(j.created_at, before.ended_at)
          when next.waiting_until is not null then next.waiting_until
          when next.heartbeat_at < now() - interval '10 seconds' then next.heartbeat_at
        end as since
      from sync_jobs j
      join connections c on c.id = j.connection_id and c.status <> 'paused'
      join organizations o on o.id = j.organization_id and o.stopped_at is null
      left join lateral (
        select p.entity, p.status, p.waiting_for, p.waiting_until, p.heartbeat_at from sync_progress p
        where p.sync_job_id = j.id and p.status in ('pending', 'running') order by p.position limit 1) as next on true
      cross join lateral (
        select max(p.ended_at) as ended_at from sync_progress p where p.sync_job_id = j.id) as before
      where j.status in ('queued', 'running') and next.waiting_for is distinct from 'paused') as steps
    where since <= now()
    group by connector, entity`.execute(db);
  return rows;
}

/** Since when the oldest verification could have been taken, in seconds; undefined when none is due. */
export async function readVerificationBacklog(db: Db): Promise<number | undefined> {
  const { rows } = await sql<{ seconds: number | null }>`
    select extract(epoch from now() - min(v.due_at))::float8 as seconds
    from verifications v
    join connections c on c.id = v.connection_id and c.status in ('active', 'error')
    join organizations o on o.id = v.organization_id and o.stopped_at is null
    where (v.status = 'queued' or v.repair = 'asked') and v.due_at <= now()`.execute(db);
  return rows[0]?.seconds ?? undefined;
}
