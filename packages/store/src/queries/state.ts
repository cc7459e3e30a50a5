import { type Selectable, sql } from 'kysely';
import { forgetHistory } from '../history/histories.js';
import type { Db } from '../open-database.js';
import type { Database, SyncMode } from '../schema.js';

/** Where a run that was cut short goes on, as kept between jobs. */
interface Continuation {
  readonly cursor: unknown;
  readonly mode: SyncMode;
  readonly lowerBound: string | null;
  readonly upperBound: string | null;
  /** Missing in what an older release has written. */
  readonly scanId?: string | null;
}

export interface EntityState {
  readonly entity: string;
  readonly watermark: Date | null;
  readonly lastFullRecords: number | null;
  readonly continuation: Continuation | null;
}

/** What is known of a connection's entities, and Postgres' clock. Entities that never ran have no row. */
export async function readStates(db: Db, organizationId: string, connectionId: string) {
  const rows = await db
    .selectFrom('sync_state')
    .select(['entity', 'watermark', 'last_full_records as lastFullRecords', 'continuation'])
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .execute();
  const states = new Map<string, EntityState>();
  for (const row of rows) states.set(row.entity, { ...row, continuation: row.continuation as Continuation | null });
  return states;
}

/**
 * Forgets what is known of a connection's entities, because it leads to another account: up to when they are complete,
 * where they would go on, and its history. Runs that were planned by that and have not ended well are full ones from now on, also if
 * somebody retries them later. In the transaction that leads the connection there.
 */
export async function forgetStates(
  trx: Db,
  { id, organizationId }: { readonly id: string; readonly organizationId: string },
  reason: string,
): Promise<void> {
  await forgetHistory(trx, organizationId, id);
  await trx
    .deleteFrom('sync_state')
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', id)
    .execute();
  await trx
    .updateTable('sync_progress')
    .set({
      ...{ mode: 'full', mode_reason: reason, lower_bound: null, upper_bound: null },
      ...{ cursor: null, scan_id: null, all_pages_read: false },
    })
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', id)
    .where('status', 'in', ['pending', 'failed'])
    .where('mode', '<>', 'backfill')
    .where((eb) => eb.or([eb('mode', '=', 'incremental'), eb('cursor', 'is not', null)]))
    .execute();
}

type Run = Selectable<Database['sync_progress']>;

/**
 * Notes what an ended run means for its entity.
 *
 * Complete: the watermark moves to the upper bound that was frozen at the start. Where the vendor tells no time, that
 * is our own clock at the start. It never moves back.
 * Cut short: the watermark stays, and the next job goes on at the checkpoint.
 */
export async function saveState(db: Db, run: Run, complete: boolean): Promise<void> {
  const full = complete && run.mode === 'full';
  const watermark = complete ? (run.upper_bound ?? run.started_at) : null;
  const continuation: Continuation | null =
    complete || run.status !== 'partial' || run.cursor === null
      ? null
      : {
          cursor: run.cursor,
          mode: run.mode,
          lowerBound: run.lower_bound?.toISOString() ?? null,
          upperBound: run.upper_bound?.toISOString() ?? null,
          scanId: run.scan_id,
        };
  await sql`
    insert into sync_state as s
      (connection_id, entity, organization_id, watermark, last_full_at, last_full_records, continuation)
    values (${run.connection_id}, ${run.entity}, ${run.organization_id}, ${watermark}::timestamptz,
      case when ${full}::boolean then now() end, ${full ? run.records_read : null}::bigint,
      ${continuation === null ? null : JSON.stringify(continuation)}::jsonb)
    on conflict (connection_id, entity) do update set
      watermark = greatest(s.watermark, excluded.watermark),
      last_full_at = coalesce(excluded.last_full_at, s.last_full_at),
      last_full_records = coalesce(excluded.last_full_records, s.last_full_records),
      continuation = case when ${complete || continuation !== null}::boolean then excluded.continuation else s.continuation end,
      updated_at = now()`.execute(db);
}
