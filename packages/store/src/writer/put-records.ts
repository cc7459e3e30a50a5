import { type MappedRecord, nearlyAllFail, type RejectedRecord, SyncError } from '@syncline/connector-kit';
import type { Db } from '../open-database.js';
import type { RefusedRecord, Target, Versions, WriteOutcome } from './write-records.js';

/** Records of one entity on their way to its table, and those that did not fit. */
export interface RecordBatch {
  readonly entity: string;
  readonly target: Target;
  readonly records: readonly MappedRecord[];
  readonly rejected: readonly RejectedRecord[];
}

/** What became of them. */
interface Put {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** With those that Postgres refused. */
  readonly rejected: readonly RejectedRecord[];
  /** Keys of the records that are in their table now. */
  readonly good: readonly string[];
}

/** `writeAll`, or `writeHalving`. */
export type WriteRecords = (db: Db, target: Target, versions: Versions) => Promise<WriteOutcome>;

/**
 * Writes records of one entity in a page's transaction, each once.
 *
 * Throws SyncError TARGET_SCHEMA when the table takes (nearly) nothing; else what `write` throws.
 */
export async function putRecords(
  trx: Db,
  write: WriteRecords,
  { entity, target, records, rejected }: RecordBatch,
  { lossless, asOf }: Pick<Versions, 'lossless' | 'asOf'>,
): Promise<Put> {
  const { latest, repeated } = latestOfEach(records);
  const { created, updated, refused } = await write(trx, target, { records: latest, lossless, asOf });
  stopIfNearlyAllRefused(entity, latest.length, refused);
  return {
    created,
    updated,
    unchanged: latest.length - created - updated - refused.length + repeated,
    rejected: [...rejected, ...refused],
    good: goodKeys(latest, refused),
  };
}

function stopIfNearlyAllRefused(entity: string, records: number, refused: readonly RefusedRecord[]): void {
  if (!nearlyAllFail(refused.length, records)) return;
  const message = `${entity}: Postgres refused ${refused.length} of ${records} records; the first: ${refused[0]?.cause}`;
  throw new SyncError('TARGET_SCHEMA', message);
}

/**
 * A record may come twice in a batch (it moved while the vendor was paging). The newest version is written, by the rule
 * of the upsert, so that it does not matter which records share a batch: only a version with a time can be newer.
 */
export function latestOfEach(records: readonly MappedRecord[]): { latest: readonly MappedRecord[]; repeated: number } {
  const byKey = new Map<string, MappedRecord>();
  for (const record of records) {
    const known = byKey.get(record.key);
    if (known === undefined || !isNewer(known, record)) byKey.set(record.key, record);
  }
  return { latest: [...byKey.values()], repeated: records.length - byKey.size };
}

function isNewer({ sourceUpdatedAt: one }: MappedRecord, { sourceUpdatedAt: other }: MappedRecord): boolean {
  return one !== null && other !== null && one > other;
}

function goodKeys(records: readonly MappedRecord[], refused: readonly RejectedRecord[]): string[] {
  const bad = new Set(refused.map((record) => record.key));
  return records.map((record) => record.key).filter((key) => !bad.has(key));
}
