import type { Db } from '@syncline/store';
import { sql } from 'kysely';

export interface PastSync {
  readonly status: string;
  /** By Postgres' clock; the sync began at once. */
  readonly minutesAgo: number;
  /** Null while it has not ended. */
  readonly tookSeconds?: number | null;
  readonly read?: number;
  readonly failed?: number;
}

/** Puts a sync of contacts into the history of a connection. Gives its id. */
export async function addPastSync(
  db: Db,
  connection: { readonly id: string; readonly organization_id: string },
  { status, minutesAgo, tookSeconds = 10, read = 0, failed = 0 }: PastSync,
): Promise<string> {
  const at = sql<Date>`now() - make_interval(secs => ${minutesAgo * 60})`;
  const owner = { organization_id: connection.organization_id, connection_id: connection.id };
  const { id } = await db
    .insertInto('sync_jobs')
    .values({
      ...{ ...owner, sync_type: 'contacts', mode: 'incremental', trigger: 'schedule', triggered_by: 'incremental' },
      ...{ status: sql`${status}`, created_at: at, started_at: status === 'queued' ? null : at },
      ended_at: tookSeconds === null ? null : sql<Date>`${at} + make_interval(secs => ${tookSeconds})`,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const run = tookSeconds === null ? 'running' : status === 'cancelled' ? 'cancelled' : 'succeeded';
  await db
    .insertInto('sync_progress')
    .values({
      ...{ ...owner, sync_job_id: id, entity: 'contacts', position: 0, status: run, mode: 'incremental' },
      ...{ records_read: read, records_failed: failed, records_unchanged: read - failed },
    })
    .execute();
  return id;
}
