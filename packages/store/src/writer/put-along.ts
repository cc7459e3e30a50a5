import type { Db } from '../open-database.js';
import { noteOutcomes } from './note-outcomes.js';
import { putRecords, type RecordBatch, type WriteRecords } from './put-records.js';
import type { Versions } from './write-records.js';

interface Along extends Pick<Versions, 'lossless' | 'asOf'> {
  readonly syncJobId: string;
  readonly along: readonly RecordBatch[];
  readonly mayResolve: boolean;
}

/** What came of records that came along. */
export interface AlongOutcome {
  readonly entity: string;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly failed: number;
}

/**
 * Writes the records that came along with a page of another entity, in that page's transaction, and counts them in their
 * own entity's run of the job, which begins when all of them are there. Returns what came of them.
 *
 * Throws what `putRecords` and `noteOutcomes` throw.
 */
export async function putAlong(trx: Db, write: WriteRecords, page: Along): Promise<AlongOutcome[]> {
  const outcomes: AlongOutcome[] = [];
  for (const batch of page.along) {
    const { entity, target } = batch;
    const { created, updated, unchanged, rejected, good } = await putRecords(trx, write, batch, page);
    const owner = { ...target, syncJobId: page.syncJobId, entity };
    const { lossless, mayResolve } = page;
    await noteOutcomes(trx, target, owner, { rejected, good, lossless, mayResolve });
    outcomes.push({ entity, created, updated, unchanged, failed: rejected.length });
    await trx
      .updateTable('sync_progress')
      .set((eb) => ({
        records_read: eb('records_read', '+', created + updated + unchanged + rejected.length),
        records_created: eb('records_created', '+', created),
        records_updated: eb('records_updated', '+', updated),
        records_unchanged: eb('records_unchanged', '+', unchanged),
        records_failed: eb('records_failed', '+', rejected.length),
      }))
      .where('sync_job_id', '=', page.syncJobId)
      .where('entity', '=', entity)
      .execute();
  }
  return outcomes;
}
