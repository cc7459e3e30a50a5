import type { RejectedRecord } from '@syncline/connector-kit';
import { CompiledQuery, sql } from 'kysely';
import type { Db } from '../open-database.js';
import type { FindingKind } from '../schema.js';
import type { TableSql } from '../writer/table-sql.js';
import { textArray } from '../writer/text-array.js';
import type { Target, Versions } from '../writer/write-records.js';
import { compareRecords } from './compare-records.js';
import { type ClaimedVerification, holdVerification } from './verifications.js';
import { noteFindings } from './verify-entity.js';

type Held = Pick<ClaimedVerification, 'id' | 'epoch'>;

/** A finding whose record is to be asked for by its id. */
export interface OpenFinding {
  readonly vendorId: string;
  readonly kind: FindingKind;
}

/** Findings that nobody has asked the vendor about yet, and how many were confirmed. */
export async function listOpenFindings(
  db: Db,
  { id }: Held,
  entity: string,
  limit: number,
): Promise<{ readonly open: readonly OpenFinding[]; readonly confirmed: number }> {
  const { rows } = await sql<{ confirmed: number }>`
    select count(*) as confirmed from verification_findings
    where verification_id = ${id} and entity = ${entity} and confirmed`.execute(db);
  const open = await db
    .selectFrom('verification_findings')
    .select(['vendor_id as vendorId', 'kind'])
    .where('verification_id', '=', id)
    .where('entity', '=', entity)
    .where('confirmed', '=', false)
    .orderBy('kind')
    .orderBy('vendor_id')
    .limit(limit)
    .execute();
  return { open, confirmed: rows[0]?.confirmed ?? 0 };
}

/** Vendor ids of an entity's records without a finding, chosen by chance; the same ones each time. */
export async function chooseSample(
  db: Db,
  { id }: Held,
  { sql: table, entity }: { readonly sql: TableSql; readonly entity: string },
  size: number,
): Promise<string[]> {
  const query = CompiledQuery.raw(table.verify.sample, [id, entity, size]);
  const { rows } = await db.executeQuery<{ id: string }>(query);
  return rows.map((row) => row.id);
}

/** What the vendor said when it was asked for records by their ids. */
export interface SecondLook extends Versions {
  /** Whom it was asked about. */
  readonly ids: readonly string[];
  readonly rejected: readonly RejectedRecord[];
  /** Records that it does not have. */
  readonly gone: readonly string[];
}

/**
 * Holds records that were asked for again against their rows: findings are confirmed, or dismissed, and what a sample
 * shows is a finding. But not that a record by itself says more than in a list: there are columns that lists are not
 * asked to fill. `sampled` is how many of the sample are through then; undefined when it is about findings.
 *
 * Says whether to go on. Throws SyncError FENCED_OUT; else the database's error.
 */
export async function settleSecondLook(
  db: Db,
  held: Held,
  place: { readonly entity: string; readonly target: Target; readonly sampled: number | undefined },
  look: SecondLook,
): Promise<'live' | 'paused'> {
  const { entity, target, sampled } = place;
  return db.transaction().execute(async (trx) => {
    const standing = await holdVerification(trx, held);
    const compared = await compareRecords(trx, target, look);
    const findings = compared.findings.filter(({ onlyAdds }) => sampled === undefined || !onlyAdds);
    const found = new Set(findings.map(({ vendorId }) => vendorId));
    const gone = await liveOnes(trx, target, look.gone);
    const right = look.ids.filter((id) => !found.has(id) && !gone.includes(id));
    const { numDeletedRows } = await trx
      .deleteFrom('verification_findings')
      .where('verification_id', '=', held.id)
      .where('entity', '=', entity)
      .where('vendor_id', 'in', right.length === 0 ? [''] : right)
      .executeTakeFirst();
    await noteFindings(trx, held.id, entity, findings, true);
    const notDue = await excuse(trx, held, place, [...found]);
    await sql`
      insert into verification_findings
        (verification_id, organization_id, entity, vendor_id, kind, confirmed)
      select id, organization_id, ${entity}, unnest(${[...gone]}::text[]), 'extra', true
      from verifications where id = ${held.id}
      on conflict (verification_id, entity, vendor_id) do update set kind = 'extra', confirmed = true`.execute(trx);
    await trx
      .updateTable('verification_entities')
      .set((eb) => ({
        dismissed: eb('dismissed', '+', Number(numDeletedRows)),
        // Those of a sample were counted when they were met in a list, or are younger than that.
        ...(sampled === undefined ? { not_due: eb('not_due', '+', notDue) } : { sampled }),
      }))
      .where('verification_id', '=', held.id)
      .where('entity', '=', entity)
      .execute();
    return standing;
  });
}

/** Takes back what is not due: a record that was changed since the watermark, the next sync brings. Gives how many. */
async function excuse(
  trx: Db,
  { id }: Held,
  { entity, target }: { readonly entity: string; readonly target: Target },
  vendorIds: readonly string[],
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from verification_findings f using sync_state s
    where f.verification_id = ${id} and f.entity = ${entity} and f.vendor_id = any(${textArray(vendorIds)}::text[])
      and f.kind in ('missing', 'stale') and s.connection_id = ${target.connectionId} and s.entity = f.entity
      and f.vendor_updated_at > s.watermark`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

async function liveOnes(trx: Db, { sql: table, connectionId }: Target, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const query = CompiledQuery.raw(table.verify.images, [connectionId, [...ids]]);
  const { rows } = await trx.executeQuery<{ key: string; live: boolean }>(query);
  return rows.filter(({ live }) => live).map(({ key }) => key);
}
