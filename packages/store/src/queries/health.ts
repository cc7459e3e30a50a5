import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { Connection } from './connections.js';

/** How the syncs of a connection ended lately. Those that somebody cancelled say nothing about it, and are left out. */
export interface RecentRuns {
  readonly ended: number;
  readonly succeeded: number;
  readonly recordsProcessed: number;
  readonly recordsFailed: number;
}

type Owned = Pick<Connection, 'id' | 'organizationId'>;

/** Syncs that ended within the last `hours`, by Postgres' clock, with their records. */
export async function readRecentRuns(db: Db, connection: Owned, hours: number): Promise<RecentRuns> {
  const { rows } = await sql<RecentRuns>`
    with ended as (
      select j.id, j.status from sync_jobs j
      where j.organization_id = ${connection.organizationId} and j.connection_id = ${connection.id}
        and j.ended_at > now() - make_interval(hours => ${hours}) and j.status in ('succeeded', 'partial', 'failed')),
    records as (
      select sum(p.records_read) as processed, sum(p.records_failed) as failed
      from ended join sync_progress p on p.sync_job_id = ended.id)
    select count(*) as ended, count(*) filter (where status = 'succeeded') as succeeded,
      coalesce((select processed from records), 0)::bigint as "recordsProcessed",
      coalesce((select failed from records), 0)::bigint as "recordsFailed"
    from ended`.execute(db);
  return rows[0] ?? { ended: 0, succeeded: 0, recordsProcessed: 0, recordsFailed: 0 };
}

/** What is known about getting tokens for a connection. */
export interface TokenHealth {
  /** The last time it worked; null when it never has, or the credentials are new. */
  readonly renewedAt: Date | null;
  /** In a row, since then. */
  readonly failures: number;
  readonly failedAt: Date | null;
  readonly errorCode: string | null;
}

export async function readTokenHealth(db: Db, connection: Owned): Promise<TokenHealth> {
  return db
    .selectFrom('connections')
    .select([
      'tokens_renewed_at as renewedAt',
      'token_failures as failures',
      'token_failed_at as failedAt',
      'token_error_code as errorCode',
    ])
    .where('organization_id', '=', connection.organizationId)
    .where('id', '=', connection.id)
    .executeTakeFirstOrThrow();
}

/** Notes that tokens could not be had. Storing new ones makes it forgotten. */
export async function noteTokenFailure(db: Db, connection: Owned, errorCode: string): Promise<void> {
  await db
    .updateTable('connections')
    .set((eb) => ({
      token_failures: eb('token_failures', '+', 1),
      token_failed_at: sql<Date>`now()`,
      token_error_code: errorCode,
    }))
    .where('organization_id', '=', connection.organizationId)
    .where('id', '=', connection.id)
    .execute();
}
