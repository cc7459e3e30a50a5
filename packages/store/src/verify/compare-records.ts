import { createHash } from 'node:crypto';
import type { MappedRecord, RejectedRecord } from '@syncline/connector-kit';
import { CompiledQuery } from 'kysely';
import type { Db } from '../open-database.js';
import type { FindingKind } from '../schema.js';
import { postgresRefusal } from '../writer/postgres-refusal.js';
import { latestOfEach } from '../writer/put-records.js';
import { textArray } from '../writer/text-array.js';
import { type Target, type Versions, type WriteOutcome, writeAll, writeHalving } from '../writer/write-records.js';

/** Records of one entity, as its vendor gave them. */
export interface Evidence extends Versions {
  /** Those that cannot be understood. */
  readonly rejected: readonly RejectedRecord[];
}

/** A row that is not as the vendor's record says. No contents. */
export interface Finding {
  readonly vendorId: string;
  readonly kind: FindingKind;
  /** Columns that differ. */
  readonly fields: readonly string[];
  /** The row has nothing where it differs: the record says more, and nothing else. */
  readonly onlyAdds: boolean;
  /** A code of the catalogue, where the record cannot be stored. */
  readonly reason: string | null;
  /** Times as text, to the microsecond. Of a missing record without a time of change: when its day is over everywhere. */
  readonly vendorUpdatedAt: string | null;
  readonly storedUpdatedAt: string | null;
  /** `last_sync_at` of the row, which every write moves. Null: there is none. */
  readonly rowAt: string | null;
}

export interface Comparison {
  readonly findings: readonly Finding[];
  /** Ids of the records, with a checksum of the row as a sync would leave it; null: it could not store the record. */
  readonly met: readonly { readonly id: string; readonly checksum: string | null }[];
  /** Records that cannot be stored; of them those of which nobody can say which they are. */
  readonly unreadable: number;
  readonly unnamed: number;
}

interface Image {
  readonly key: string;
  readonly live: boolean;
  readonly at: string;
  readonly updated: string | null;
  readonly fields: Readonly<Record<string, string>>;
}

/** The checksum of a column without a value. */
const nothing = createHash('md5').update('null').digest('hex');

interface Sum {
  readonly key: string;
  readonly checksum: string;
  readonly ahead: boolean;
}

/**
 * Holds records against their rows, by writing them as a sync would and taking that back: whatever decides about a row
 * there (links, types of an adopted table, triggers) decides here as well. Rows that are as they should be are not even
 * locked. In a transaction of the caller, which goes on.
 *
 * Throws what the writer throws for a table that it cannot write.
 */
export async function compareRecords(
  trx: Db,
  given: Target,
  { records, rejected, lossless, asOf }: Evidence,
): Promise<Comparison> {
  const target: Target = { ...given, firstLoad: false, sql: { ...given.sql, linkChildren: [] } };
  const { latest } = latestOfEach(records);
  const keys = latest.map(({ key }) => key);
  await trx.executeQuery(CompiledQuery.raw('savepoint comparison'));
  const { written, refused } = await writeToTakeBack(trx, target, { records: latest, lossless, asOf });
  const sums = await readSums(trx, target, latest, asOf);
  const wanted = await imagesOf(trx, target, await keysOf(trx, target, keys, written));
  await trx.executeQuery(takeBack);

  const bad = new Map<string, string>();
  for (const { key, code } of [...rejected, ...refused]) if (key !== undefined) bad.set(key, code);
  const ahead = [...sums.values()].filter((sum) => sum.ahead && !wanted.has(sum.key)).map(({ key }) => key);
  const stored = await imagesOf(trx, target, [...wanted.keys(), ...ahead, ...bad.keys()]);
  const updatedAt = new Map(latest.map(({ key, sourceUpdatedAt }) => [key, sourceUpdatedAt]));
  const ends = new Map(latest.map((record) => [record.key, record.sourceUpdatedAt ?? endOfDay(record, target)]));
  const finding = (vendorId: string, kind: FindingKind, more: Partial<Finding> = {}): Finding => ({
    ...{ vendorId, kind, fields: [], onlyAdds: false, reason: null, vendorUpdatedAt: updatedAt.get(vendorId) ?? null },
    ...{ storedUpdatedAt: stored.get(vendorId)?.updated ?? null, rowAt: stored.get(vendorId)?.at ?? null, ...more },
  });
  const findings = [
    ...[...wanted.values()].map((image) => judge(image, stored.get(image.key), ends.get(image.key) ?? null, finding)),
    ...ahead.map((key) => finding(key, 'different', { fields: ['source_updated_at'] })),
    ...[...bad].map(([key, reason]) => finding(key, stored.get(key)?.live ? 'stale' : 'missing', { reason })),
  ];
  const unnamed = rejected.filter(({ key }) => key === undefined).length;
  const met = [
    ...[...sums.values()].filter(({ key }) => !bad.has(key)).map(({ key, checksum }) => ({ id: key, checksum })),
    ...[...bad.keys()].map((id) => ({ id, checksum: null })),
  ];
  return { findings, met, unreadable: rejected.length + refused.length, unnamed };
}

const takeBack = CompiledQuery.raw('rollback to savepoint comparison');

/** One statement, as a rule; the way that finds the culprits only where Postgres refuses some. */
async function writeToTakeBack(trx: Db, target: Target, versions: Versions): Promise<WriteOutcome> {
  try {
    return await writeAll(trx, target, versions);
  } catch (error) {
    if (postgresRefusal(error) === undefined) throw error;
    await trx.executeQuery(takeBack);
    return writeHalving(trx, target, versions);
  }
}

type MakeFinding = (vendorId: string, kind: FindingKind, more?: Partial<Finding>) => Finding;

/** What a sync would have made of the row, and the row. */
function judge(wanted: Image, stored: Image | undefined, end: string | null, finding: MakeFinding): Finding {
  if (stored === undefined) return finding(wanted.key, 'missing', { vendorUpdatedAt: end });
  if (wanted.live && !stored.live) return finding(wanted.key, 'missing');
  const names = new Set([...Object.keys(wanted.fields), ...Object.keys(stored.fields)]);
  const fields = [...names].filter((column) => wanted.fields[column] !== stored.fields[column]).sort();
  // As Postgres prints them; the upsert has seen to it that it is not an older version.
  const isStale = stored.updated !== null && wanted.updated !== stored.updated;
  const onlyAdds = fields.every((column) => stored.fields[column] === nothing);
  return finding(wanted.key, isStale ? 'stale' : 'different', { fields, onlyAdds });
}

/** A day has no time zone, and is over in the last of them half a day after it is in UTC. */
const daysEndMs = 36 * 3_600_000;

function endOfDay({ values }: MappedRecord, { sql }: Target): string | null {
  const day = sql.verify.day === undefined ? undefined : values[sql.verify.day];
  return typeof day === 'string' ? new Date(Date.parse(day) + daysEndMs).toISOString() : null;
}

async function readSums(
  trx: Db,
  { sql, connectionId }: Target,
  records: readonly MappedRecord[],
  asOf: Date,
): Promise<ReadonlyMap<string, Sum>> {
  if (records.length === 0) return new Map();
  const keys = textArray(records.map(({ key }) => key));
  const updated = textArray(records.map(({ sourceUpdatedAt }) => sourceUpdatedAt));
  const query = CompiledQuery.raw(sql.verify.checksums, [connectionId, keys, updated, asOf]);
  const { rows } = await trx.executeQuery<Sum>(query);
  return new Map(rows.map((row) => [row.key, row]));
}

/** The vendor ids of rows that were just written. */
async function keysOf(
  trx: Db,
  { sql, connectionId }: Target,
  keys: readonly string[],
  written: readonly string[],
): Promise<string[]> {
  if (written.length === 0) return [];
  const query = CompiledQuery.raw(sql.verify.keys, [connectionId, textArray(keys), [...written]]);
  const { rows } = await trx.executeQuery<{ key: string }>(query);
  return rows.map(({ key }) => key);
}

async function imagesOf(
  trx: Db,
  { sql, connectionId }: Target,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Image>> {
  if (keys.length === 0) return new Map();
  const query = CompiledQuery.raw(sql.verify.images, [connectionId, textArray(keys)]);
  const { rows } = await trx.executeQuery<Image>(query);
  return new Map(rows.map((row) => [row.key, row]));
}
