import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { TableSql } from '../writer/table-sql.js';
import { type HeldSweep, recordHeldSweep, resolveHeldSweep } from './held-sweep.js';
import { inScan, type SweepRun, type Swept } from './in-scan.js';
import { markRows } from './mark-rows.js';

/**
 * Marks those of these rows as deleted that are candidates still. For ids that the vendor was asked about.
 *
 * Throws SyncError FENCED_OUT when another worker has taken the run over.
 */
export async function markGone(db: Db, target: TableSql, run: SweepRun, ids: readonly string[]): Promise<Swept> {
  return inScan(db, run, async (trx, startedAt) => {
    const deleted = await markRows(trx, target, run.connectionId, 'markGone', [[...ids], startedAt]);
    await countDeleted(trx, run, deleted);
    return { deleted };
  });
}

/**
 * The end of a sweep: marks all candidates as deleted if `missing` says so, unmarks rows that the scan has met, lets go
 * of the scan, and resolves what an earlier one has held. One transaction, for the holder of the fencing token only.
 *
 * Throws SyncError FENCED_OUT when another worker has taken the run over.
 */
export async function closeSweep(
  db: Db,
  target: TableSql,
  run: SweepRun,
  { missing, returned }: { readonly missing: boolean; readonly returned: boolean },
): Promise<Swept> {
  return inScan(db, run, async (trx, startedAt) => {
    const parameters = [[run.scanId], startedAt];
    const deleted = missing ? await markRows(trx, target, run.connectionId, 'markMissing', parameters) : 0;
    if (returned) await markRows(trx, target, run.connectionId, 'revive', parameters);
    await countDeleted(trx, run, deleted);
    await scansOf(trx, run).execute();
    await resolveHeldSweep(trx, run, 'A later full sync has read the whole list.');
    return { deleted };
  });
}

/**
 * Holds a sweep: nothing is deleted before somebody says so. Replaces what an earlier scan has held.
 *
 * Throws SyncError FENCED_OUT when another worker has taken the run over.
 */
export async function holdSweep(db: Db, run: SweepRun, held: HeldSweep): Promise<Swept> {
  return inScan(db, run, async (trx) => {
    await scansOf(trx, run).where('id', '<>', run.scanId).execute();
    await trx.updateTable('sync_scans').set({ held_at: sql<Date>`now()` }).where('id', '=', run.scanId).execute();
    await recordHeldSweep(trx, run, held);
    return { deleted: 0 };
  });
}

function scansOf(trx: Db, { connectionId, entity }: SweepRun) {
  return trx.deleteFrom('sync_scans').where('connection_id', '=', connectionId).where('entity', '=', entity);
}

async function countDeleted(trx: Db, run: SweepRun, deleted: number): Promise<void> {
  await trx
    .updateTable('sync_progress')
    .set((eb) => ({ records_deleted: eb('records_deleted', '+', deleted), heartbeat_at: sql<Date>`now()` }))
    .where('sync_job_id', '=', run.syncJobId)
    .where('entity', '=', run.entity)
    .execute();
}
