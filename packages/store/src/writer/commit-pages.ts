import { type MappedRecord, type RejectedRecord, SyncError, stringifyJson } from '@syncline/connector-kit';
import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { noteSeen, type Seen } from '../queries/scans.js';
import { type Standing, standingOf } from '../queries/standing.js';
import { type Gone, settleGone } from '../sweep/settle-gone.js';
import { settlePartitions, type WholePartitions } from '../sweep/settle-partitions.js';
import { afterLostRaces } from './after-lost-races.js';
import { noteOutcomes } from './note-outcomes.js';
import { isTableRefusal, postgresRefusal } from './postgres-refusal.js';
import { type AlongOutcome, putAlong } from './put-along.js';
import { putRecords, type RecordBatch, type WriteRecords } from './put-records.js';
import { tableChanged } from './table-changed.js';
import { type Target, writeAll, writeHalving } from './write-records.js';

/** Which entity run writes, and under which fencing token. */
export interface Fence {
  readonly syncJobId: string;
  readonly entity: string;
  readonly epoch: number;
  /**
   * Random with each claim. Postgres that goes back in time counts epochs up anew, to numbers that somebody may hold; what
   * was drawn here is not drawn again. Missing where only a letter says who it was: those are in Redis, which is emptied.
   */
  readonly claim?: string;
}

/** One or more pages that are committed together. */
export interface PageBatch {
  readonly pages: number;
  /** How many pages were committed before this batch. */
  readonly pagesBefore: number;
  readonly records: readonly MappedRecord[];
  readonly rejected: readonly RejectedRecord[];
  readonly lossless: boolean;
  /**
   * By Postgres' clock, before the first of the pages was asked for (`followClock`): of versions of a record with one
   * time of change the one that was asked for later wins.
   */
  readonly asOf: Date;
  /** The cursor of the page after the batch; undefined after the last one. */
  readonly cursor: unknown;
  /** Frozen with the first batch that has it. */
  readonly upperBound: Date | undefined;
  /** Whether open failed items of these records may exist, to be resolved by this success. */
  readonly mayResolve: boolean;
  /** What the pages tell the scan that the run is part of, if it is part of one. */
  readonly seen?: Seen | undefined;
  /** Records that were asked for by their ids, and that the vendor does not have. */
  readonly gone?: Gone | undefined;
  /** What the pages have all of. */
  readonly whole?: readonly WholePartitions[] | undefined;
  /** Records of other entities that came with the pages; they count in their own entities' runs of the same job. */
  readonly along?: readonly RecordBatch[] | undefined;
}

export interface CommitOutcome {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly failed: number;
  /** Rows marked as deleted. */
  readonly deleted: number;
  /** Records of other entities, which came along. */
  readonly along: readonly AlongOutcome[];
  readonly alongFailed: number;
  /** Whether to go on, or to stop at this page boundary. */
  readonly standing: Standing;
}

/**
 * The page transaction: rows, failed items, checkpoint and counters together or not at all, and only for the holder
 * of the current fencing token. A lost race (deadlock, serialization) is run again; nothing has to be fetched for it.
 * `beforeCommit` is called when everything is written and nothing committed.
 *
 * Throws SyncError FENCED_OUT when another worker has taken over or the run was cancelled, TARGET_SCHEMA when the table
 * takes (nearly) nothing, FAILED_ITEMS_FULL when the entity may have no more failed items; else the database's error.
 * Nothing of the batch is there then.
 */
export async function commitPages(
  db: Db,
  target: Target,
  fence: Fence,
  batch: PageBatch,
  beforeCommit?: () => void | Promise<void>,
): Promise<CommitOutcome> {
  try {
    return await afterLostRaces(() => attempt(db, target, fence, batch, writeAll, beforeCommit));
  } catch (error) {
    if (isTableRefusal(error)) throw tableChanged(error);
    if (postgresRefusal(error) === undefined) throw error;
    return await afterLostRaces(() => attempt(db, target, fence, batch, writeHalving, beforeCommit));
  }
}

async function attempt(
  db: Db,
  target: Target,
  fence: Fence,
  batch: PageBatch,
  write: WriteRecords,
  beforeCommit: (() => void | Promise<void>) | undefined,
) {
  return db.transaction().execute(async (trx): Promise<CommitOutcome> => {
    const { standing, applied } = await holdFence(trx, fence, batch);
    if (applied)
      return { created: 0, updated: 0, unchanged: 0, failed: 0, deleted: 0, along: [], alongFailed: 0, standing };

    if (batch.seen !== undefined) await noteSeen(trx, { ...fence, ...batch }, batch.seen);
    const own = { ...batch, entity: fence.entity, target };
    const { rejected: refused, good, ...counts } = await putRecords(trx, write, own, batch);
    const { deleted: denied, unknown } = await settleGone(trx, target, batch.gone ?? nobodyGone);
    const deleted = denied + (await settlePartitions(trx, target, batch.whole ?? []));
    const { syncJobId, entity } = fence;
    const rejected = [...refused, ...unknown];
    await noteOutcomes(trx, target, { ...target, syncJobId, entity }, { ...batch, rejected, good });
    const along = await putAlong(trx, write, { ...batch, syncJobId, along: batch.along ?? [] });

    await saveCheckpoint(trx, fence, batch, { ...counts, failed: rejected.length, deleted });
    await beforeCommit?.();
    const alongFailed = along.reduce((sum, { failed }) => sum + failed, 0);
    return { ...counts, failed: rejected.length, deleted, along, alongFailed, standing };
  });
}

const nobodyGone: Gone = { vendorIds: [], asOf: new Date(0) };

/** Whether a run is still in the hands of whoever brings this fence. */
export function isHolder(row: { readonly epoch: number; readonly claim: string | null }, fence: Fence): boolean {
  return row.epoch === fence.epoch && (fence.claim === undefined || row.claim === fence.claim);
}

/** Locks the run's row, so that a successor's claim waits for this commit, and checks that it is still ours. */
async function holdFence(trx: Db, fence: Fence, batch: PageBatch) {
  const row = await trx
    .selectFrom('sync_progress as p')
    .innerJoin('sync_jobs as j', 'j.id', 'p.sync_job_id')
    .innerJoin('connections as c', 'c.id', 'p.connection_id')
    .innerJoin('organizations as o', 'o.id', 'p.organization_id')
    .select(['p.epoch', 'p.claim', 'p.status', 'p.pages', standingOf.as('standing')])
    .where('p.sync_job_id', '=', fence.syncJobId)
    .where('p.entity', '=', fence.entity)
    .forUpdate('p')
    .executeTakeFirst();
  if (row === undefined || !isHolder(row, fence) || row.status !== 'running') {
    throw new SyncError('FENCED_OUT', undefined, { details: { entity: fence.entity, epoch: fence.epoch } });
  }
  // A commit whose answer was lost: the batch is in already, and trying it again must not count it twice.
  const applied = row.pages === batch.pagesBefore + batch.pages;
  if (!applied && row.pages !== batch.pagesBefore) {
    throw new SyncError('FENCED_OUT', `Expected ${batch.pagesBefore} committed pages, found ${row.pages}`);
  }
  return { standing: row.standing, applied };
}

async function saveCheckpoint(
  trx: Db,
  fence: Fence,
  batch: PageBatch,
  counts: Omit<CommitOutcome, 'standing' | 'along' | 'alongFailed'>,
) {
  const read = counts.created + counts.updated + counts.unchanged + counts.failed;
  await trx
    .updateTable('sync_progress')
    .set((eb) => ({
      cursor: batch.cursor === undefined ? null : stringifyJson(batch.cursor, false),
      pages: eb('pages', '+', batch.pages),
      all_pages_read: batch.cursor === undefined,
      records_read: eb('records_read', '+', read),
      records_created: eb('records_created', '+', counts.created),
      records_updated: eb('records_updated', '+', counts.updated),
      records_unchanged: eb('records_unchanged', '+', counts.unchanged),
      records_failed: eb('records_failed', '+', counts.failed),
      records_deleted: eb('records_deleted', '+', counts.deleted),
      upper_bound: eb.fn.coalesce('upper_bound', sql<Date | null>`${batch.upperBound ?? null}::timestamptz`),
      heartbeat_at: sql<Date>`now()`,
      // It moves: what failed before it does not count any more.
      attempts: 0,
      waiting_for: null,
      waiting_until: null,
    }))
    .where('sync_job_id', '=', fence.syncJobId)
    .where('entity', '=', fence.entity)
    .execute();
}
