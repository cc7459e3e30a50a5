import { type ColumnType, type MappedRecord, type RejectedRecord, stringifyJson } from '@syncline/connector-kit';
import { CompiledQuery } from 'kysely';
import type { Db } from '../open-database.js';
import { inSavepoint } from './in-savepoint.js';
import type { TableSql } from './table-sql.js';
import { textArray } from './text-array.js';

export interface Target {
  readonly sql: TableSql;
  readonly organizationId: string;
  readonly connectionId: string;
  /** The table held no row of the connection when the run began: need not be exact, only decides what is quicker. */
  readonly firstLoad: boolean;
  /** About when a record that fails now is tried again; a minute unless given. */
  readonly retrySeconds?: number;
  /** Open failed items that the entity may have; no cap unless given. */
  readonly maxOpenItems?: number;
}

/** Records on their way to their table. */
export interface Versions {
  readonly records: readonly MappedRecord[];
  readonly lossless: boolean;
  /** By Postgres' clock, before the first of them was asked for: of versions with one time the one asked for later wins. */
  readonly asOf: Date;
}

export interface WriteOutcome {
  readonly created: number;
  readonly updated: number;
  /** Ids of the rows that were created or updated. */
  readonly written: readonly string[];
  /** Records that Postgres refused, one by one. */
  readonly refused: readonly RefusedRecord[];
}

/** A record that Postgres refused, and why without anything of its content. */
export interface RefusedRecord extends RejectedRecord {
  readonly cause: string;
}

/**
 * Writes records into their table in one statement, and links the children of those that were written. Keys must be
 * distinct.
 *
 * Throws the database's error, also for a record that Postgres refuses: the transaction is lost then.
 */
export async function writeAll(db: Db, target: Target, { records, lossless, asOf }: Versions): Promise<WriteOutcome> {
  if (records.length === 0) return { created: 0, updated: 0, written: [], refused: [] };
  const { columns, firstLoad, upsert, takeOver } = target.sql;
  const keys = textArray(records.map((record) => record.key));
  const owner = [target.organizationId, target.connectionId];
  if (takeOver !== undefined) await db.executeQuery(CompiledQuery.raw(takeOver.records, [...owner, keys]));
  const parameters = [
    ...owner,
    asOf,
    keys,
    textArray(records.map((record) => record.sourceUpdatedAt)),
    textArray(records.map(({ flags }) => (flags.length === 0 ? null : stringifyJson(flags, lossless)))),
    textArray(records.map((record) => stringifyJson(record.raw, lossless))),
    ...columns.map(({ name, type }) => textArray(records.map(({ values }) => asText(values[name], type, lossless)))),
  ];
  const query = CompiledQuery.raw(target.firstLoad ? firstLoad : upsert, parameters);
  const { rows: written } = await db.executeQuery<{ id: string; created: boolean }>(query);
  const created = written.reduce((count, row) => count + Number(row.created), 0);
  const ids = written.map((row) => row.id);
  await linkChildren(db, target, ids);
  return { created, updated: ids.length - created, written: ids, refused: [] };
}

function asText(value: unknown, type: ColumnType, lossless: boolean): string | null {
  if (value === null || value === undefined) return null;
  return type === 'jsonb' ? stringifyJson(value, lossless) : String(value);
}

/**
 * In an adopted table, makes rows that carry vendor ids the connection's, if no other connection could lay claim to
 * them: see `TakeOverSql`. At the beginning of a whole reading, which then decides about those that the vendor has no
 * more. Returns how many.
 */
export async function takeOverRows(
  db: Db,
  { sql: { takeOver }, organizationId, connectionId }: Pick<Target, 'sql' | 'organizationId' | 'connectionId'>,
): Promise<number> {
  if (takeOver === undefined) return 0;
  const { numAffectedRows } = await db.executeQuery(CompiledQuery.raw(takeOver.all, [organizationId, connectionId]));
  return Number(numAffectedRows ?? 0n);
}

/** Whether the table holds rows of the connection already. */
export async function holdsRows(db: Db, target: Pick<Target, 'sql' | 'connectionId'>): Promise<boolean> {
  const query = CompiledQuery.raw(target.sql.holdsRows, [target.connectionId]);
  const { rows } = await db.executeQuery<{ holds: boolean }>(query);
  return rows[0]?.holds ?? false;
}

/**
 * The same inside savepoints: a batch that Postgres refuses is halved until the culprits stand alone, and the rest is
 * written. For the second try only, because each savepoint costs a round trip.
 */
export async function writeHalving(db: Db, target: Target, versions: Versions): Promise<WriteOutcome> {
  const { records } = versions;
  const attempt = await inSavepoint(db, () => writeAll(db, target, versions));
  if ('done' in attempt) return attempt.done;
  const [only] = records;
  if (only !== undefined && records.length === 1) {
    const { key, raw } = only;
    const refused = [{ key, raw, code: 'RECORD_UNSTORABLE' as const, ...attempt.refusal }];
    return { created: 0, updated: 0, written: [], refused };
  }
  const middle = Math.ceil(records.length / 2);
  const left = await writeHalving(db, target, { ...versions, records: records.slice(0, middle) });
  const right = await writeHalving(db, target, { ...versions, records: records.slice(middle) });
  return {
    created: left.created + right.created,
    updated: left.updated + right.updated,
    written: [...left.written, ...right.written],
    refused: [...left.refused, ...right.refused],
  };
}

/** Links the children of rows just written. */
async function linkChildren(db: Db, target: Target, writtenIds: readonly string[]): Promise<void> {
  if (writtenIds.length === 0) return;
  for (const statement of target.sql.linkChildren) {
    await db.executeQuery(CompiledQuery.raw(statement, [writtenIds, target.connectionId]));
  }
}
