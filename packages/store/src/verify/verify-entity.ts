import { type Cursor, SyncError, stringifyJson } from '@syncline/connector-kit';
import { CompiledQuery, sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { VerifiedBucket } from '../schema.js';
import { byHashJoin } from '../sweep/mark-rows.js';
import { afterLostRaces } from '../writer/after-lost-races.js';
import { isTableRefusal } from '../writer/postgres-refusal.js';
import { tableChanged } from '../writer/table-changed.js';
import { textArray } from '../writer/text-array.js';
import type { Target } from '../writer/write-records.js';
import { type Comparison, compareRecords, type Evidence, type Finding } from './compare-records.js';
import { type ClaimedVerification, holdVerification } from './verifications.js';

type Held = Pick<ClaimedVerification, 'id' | 'epoch'>;

/** An entity of a verification, and where it stands. */
export interface VerifiedEntity {
  readonly entity: string;
  readonly status: 'pending' | 'reading' | 'checking' | 'done';
  readonly cursor: Cursor | undefined;
  readonly pages: number;
  readonly allPagesRead: boolean;
  readonly sampled: number | null;
}

/** The entities of a verification, in the order in which they are read. */
export async function listVerifiedEntities(db: Db, id: string): Promise<VerifiedEntity[]> {
  const rows = await db
    .selectFrom('verification_entities')
    .select(['entity', 'status', 'cursor', 'pages', 'all_pages_read as allPagesRead', 'sampled'])
    .where('verification_id', '=', id)
    .orderBy('position')
    .execute();
  return rows.map((row) => ({ ...row, cursor: (row.cursor ?? undefined) as Cursor | undefined }));
}

/** Notes that the reading of an entity begins; the first time counts. */
export async function beginVerifiedEntity(db: Db, { id }: Held, entity: string): Promise<void> {
  await db
    .updateTable('verification_entities')
    .set({ status: 'reading', started_at: sql<Date>`coalesce(started_at, now())` })
    .where('verification_id', '=', id)
    .where('entity', '=', entity)
    .where('status', 'in', ['pending', 'reading'])
    .execute();
}

/** Pages of an entity that are compared together. */
export interface EvidenceBatch {
  readonly entity: string;
  readonly pages: number;
  readonly pagesBefore: number;
  readonly cursor: Cursor | undefined;
  /** Its own records first, then those of other entities that came along. */
  readonly evidence: readonly (Evidence & { readonly entity: string; readonly target: Target })[];
}

/**
 * Compares pages, and notes the place to go on from, in one transaction; only for who has the verification in hand.
 * Writes nothing into the tables. Says whether to go on.
 *
 * Throws SyncError FENCED_OUT, TARGET_SCHEMA; else the database's error.
 */
export async function comparePages(db: Db, held: Held, batch: EvidenceBatch): Promise<'live' | 'paused'> {
  const attempt = () =>
    db.transaction().execute(async (trx) => {
      const standing = await holdVerification(trx, held);
      const { pages } = await trx
        .selectFrom('verification_entities')
        .select('pages')
        .where('verification_id', '=', held.id)
        .where('entity', '=', batch.entity)
        .executeTakeFirstOrThrow();
      // A commit whose answer was lost.
      if (pages === batch.pagesBefore + batch.pages) return standing;
      if (pages !== batch.pagesBefore) throw new SyncError('FENCED_OUT', `Expected ${batch.pagesBefore} pages`);
      for (const { entity, target, ...evidence } of batch.evidence) {
        const comparison = await compareRecords(trx, target, evidence);
        await noteComparison(trx, held, entity, comparison, evidence, batch);
      }
      await trx
        .updateTable('verification_entities')
        .set({
          cursor: batch.cursor === undefined ? null : stringifyJson(batch.cursor, false),
          pages: batch.pagesBefore + batch.pages,
          all_pages_read: batch.cursor === undefined,
        })
        .where('verification_id', '=', held.id)
        .where('entity', '=', batch.entity)
        .execute();
      await trx
        .updateTable('verifications')
        .set({ attempts: 0, waiting_for: null })
        .where('id', '=', held.id)
        .execute();
      return standing;
    });
  return tableFaults(() => afterLostRaces(attempt));
}

async function tableFaults<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isTableRefusal(error) ? tableChanged(error) : error;
  }
}

async function noteComparison(
  trx: Db,
  { id }: Held,
  entity: string,
  { findings, met, unreadable, unnamed }: Comparison,
  { records, rejected }: Evidence,
  { entity: reader, pagesBefore }: EvidenceBatch,
): Promise<void> {
  await sql`
    update verification_entities set records = records + ${records.length + rejected.length},
      unreadable = unreadable + ${unreadable}, unnamed = unnamed + ${unnamed},
      started_at = coalesce(started_at, now())
    where verification_id = ${id} and entity = ${entity}`.execute(trx);
  if (met.length > 0) {
    // Those that came along with another entity's pages do not share their numbers with its own.
    const place = reader === entity ? pagesBefore : -1 - pagesBefore;
    await sql`
      insert into verification_pages (verification_id, organization_id, entity, pages_before, vendor_ids, checksums)
      select id, organization_id, ${entity}, ${place}, ${textArray(met.map((one) => one.id))}::text[],
        ${textArray(met.map(({ checksum }) => checksum))}::text[]::bigint[]
      from verifications where id = ${id}`.execute(trx);
  }
  await noteFindings(trx, id, entity, findings);
}

/** Notes findings; of two about one record the later one counts. */
export async function noteFindings(
  trx: Db,
  id: string,
  entity: string,
  findings: readonly Finding[],
  confirmed = false,
): Promise<void> {
  if (findings.length === 0) return;
  const given = findings.map(({ fields, onlyAdds: _, ...finding }) => ({ ...finding, fields: [...fields] }));
  await sql`
    insert into verification_findings (verification_id, organization_id, entity, vendor_id, kind, fields, reason,
      vendor_updated_at, stored_updated_at, row_at, confirmed)
    select v.id, v.organization_id, ${entity}, f."vendorId", f.kind, f.fields, f.reason, f."vendorUpdatedAt",
      f."storedUpdatedAt", f."rowAt", ${confirmed}
    from verifications v cross join jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as f ("vendorId" text,
      kind text, fields text[], reason text, "vendorUpdatedAt" timestamptz, "storedUpdatedAt" timestamptz,
      "rowAt" timestamptz)
    where v.id = ${id}
    on conflict (verification_id, entity, vendor_id) do update set
      kind = excluded.kind, fields = excluded.fields, reason = excluded.reason,
      vendor_updated_at = excluded.vendor_updated_at, stored_updated_at = excluded.stored_updated_at,
      row_at = excluded.row_at, confirmed = excluded.confirmed`.execute(trx);
}

interface Settled {
  readonly stored: number;
  readonly moved: number;
  readonly notDue: number;
  readonly buckets: readonly VerifiedBucket[];
}

/** What is known of an entity's lists beside their pages. */
export interface Listing {
  /** Entities with whose pages its records come: it is named itself where it has pages of its own. */
  readonly readers: readonly string[];
  /** A record that cannot be read may stand for a part of the list, of which nothing came then. */
  readonly inParts: boolean;
  /** It has a history, which may not be read yet: what has no row then is none that is missing. */
  readonly history: boolean;
}

/**
 * When every page of an entity was compared: looks at its rows as a whole, for those that the vendor does not have, and
 * sums both sides up. Throws SyncError FENCED_OUT, else the database's error.
 */
export async function settleVerifiedEntity(
  db: Db,
  held: Held,
  entity: string,
  { sql: table, connectionId }: Pick<Target, 'sql' | 'connectionId'>,
  listing: Listing,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await holdVerification(trx, held);
    const isWhole = await isListedWhole(trx, held, entity, listing);
    const isAhead = listing.history && (await hasUnreadHistory(trx, connectionId));
    const state = await trx
      .selectFrom('verification_entities as e')
      .leftJoin('sync_state as s', (join) =>
        join.onRef('s.entity', '=', 'e.entity').on('s.connection_id', '=', connectionId),
      )
      .select(['e.started_at', 's.watermark'])
      .where('e.verification_id', '=', held.id)
      .where('e.entity', '=', entity)
      .executeTakeFirstOrThrow();
    const parameters = [connectionId, held.id, entity, state.started_at, state.watermark, isWhole, isAhead];
    const query = CompiledQuery.raw(table.verify.settle, parameters);
    const { rows } = await byHashJoin(trx, () => trx.executeQuery<Settled>(query));
    const { stored, moved, notDue, buckets } = rows[0] as Settled;
    await trx
      .updateTable('verification_entities')
      .set((eb) => ({
        ...{ status: 'checking', rows_stored: stored, buckets: JSON.stringify(buckets) },
        ...{ moved: eb('moved', '+', moved), not_due: eb('not_due', '+', notDue) },
      }))
      .where('verification_id', '=', held.id)
      .where('entity', '=', entity)
      .execute();
  });
}

/** Whether a row that no page had has no record: none was left out by what could not be read. */
async function isListedWhole(trx: Db, { id }: Held, entity: string, { readers, inParts }: Listing): Promise<boolean> {
  const { rows } = await sql<{ whole: boolean }>`
    select coalesce(sum(unnamed), 0) = 0
      and coalesce(sum(unreadable) filter (where ${inParts} and entity = any(${readers})), 0) = 0 as whole
    from verification_entities where verification_id = ${id} and (entity = ${entity} or entity = any(${readers}))`.execute(
    trx,
  );
  return rows[0]?.whole ?? false;
}

async function hasUnreadHistory(trx: Db, connectionId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('history_backfills')
    .select('id')
    .where('connection_id', '=', connectionId)
    .where('state', '<>', 'done')
    .executeTakeFirst();
  return row !== undefined;
}

/** Ends an entity; what was noted of its pages goes. `sampled` null: its records cannot be asked for one by one. */
export async function endVerifiedEntity(db: Db, held: Held, entity: string, sampled: number | null): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await holdVerification(trx, held);
    await trx
      .updateTable('verification_entities')
      .set({ status: 'done', sampled, ended_at: sql<Date>`now()` })
      .where('verification_id', '=', held.id)
      .where('entity', '=', entity)
      .execute();
    await trx
      .deleteFrom('verification_pages')
      .where('verification_id', '=', held.id)
      .where('entity', '=', entity)
      .execute();
  });
}
