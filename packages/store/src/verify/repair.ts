import { SyncError } from '@syncline/connector-kit';
import { CompiledQuery, sql } from 'kysely';
import pg from 'pg';
import type { Db } from '../open-database.js';
import type { Actor } from '../queries/audit.js';
import type { FindingKind } from '../schema.js';
import type { Target } from '../writer/write-records.js';
import { audit, type ClaimedVerification, holdVerification } from './verifications.js';

type Held = Pick<ClaimedVerification, 'id' | 'epoch'>;

/** What is to be repaired of an entity. */
export interface RepairWork {
  readonly entity: string;
  readonly findings: Readonly<Record<FindingKind, number>>;
  /** The sync that repairs it; null: none was started yet, or it was cleared away. */
  readonly jobId: string | null;
}

/**
 * Orders the repair of what a verification found, or of what is left of it after a repair that failed. False when there is nothing to repair: it has not been done, found
 * nothing, or was repaired before.
 *
 * Throws SyncError VERIFICATION_RUNNING when another one of the connection has not ended.
 */
export async function askForRepair(db: Db, organizationId: string, id: string, by: Actor): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql`
      update verifications v set repair = 'asked', repair_by = ${by.actor}, repair_error = null, repair_ended_at = null,
        due_at = now(), attempts = 0
      where organization_id = ${organizationId} and id = ${id} and status = 'done' and repair is distinct from 'done'
        and repair is distinct from 'asked' and exists (select from verification_findings f where f.verification_id = v.id)
      returning id`
      .execute(trx)
      .catch(refuseSecond);
    if (rows.length === 0) return false;
    // One that has failed begins anew: the sync that was its end is not looked at again.
    await trx
      .updateTable('verification_entities')
      .set({ repair_job_id: null, repaired: false })
      .where('verification_id', '=', id)
      .execute();
    await audit(trx, organizationId, by, 'verify.repair', id, {});
    return true;
  });
}

function refuseSecond(error: unknown): never {
  const isSecond = error instanceof pg.DatabaseError && error.constraint === 'verifications_one_live';
  throw isSecond ? new SyncError('VERIFICATION_RUNNING', undefined, { cause: error }) : error;
}

/** The entities of a verification that are still to be repaired, those that others depend on first. */
export async function listRepairs(db: Db, { id }: Held): Promise<RepairWork[]> {
  const { rows } = await sql<RepairWork>`
    select e.entity, e.repair_job_id as "jobId", (
      select jsonb_build_object('missing', count(*) filter (where f.kind = 'missing'),
        'extra', count(*) filter (where f.kind = 'extra'), 'stale', count(*) filter (where f.kind = 'stale'),
        'different', count(*) filter (where f.kind = 'different'))
      from verification_findings f where f.verification_id = e.verification_id and f.entity = e.entity) as findings
    from verification_entities e
    where e.verification_id = ${id} and not e.repaired
      and exists (select from verification_findings f where f.verification_id = e.verification_id and f.entity = e.entity)
    order by e.position`.execute(db);
  return rows;
}

/** Vendor ids of an entity's findings, in order. */
export async function listFindingIds(db: Db, { id }: Held, entity: string): Promise<string[]> {
  const rows = await db
    .selectFrom('verification_findings')
    .select('vendor_id')
    .where('verification_id', '=', id)
    .where('entity', '=', entity)
    .orderBy('vendor_id')
    .execute();
  return rows.map((row) => row.vendor_id);
}

/**
 * Makes rows that say they are newer than the vendor's records open to these: a sync would leave them as they are. And
 * where `marksExtra`, marks the rows of records that the vendor does not have as deleted, if nobody has written them
 * since. In a transaction of the caller.
 *
 * Throws SyncError FENCED_OUT.
 */
export async function prepareRepair(
  trx: Db,
  held: Held,
  entity: string,
  { sql: table, connectionId }: Pick<Target, 'sql' | 'connectionId'>,
  marksExtra: boolean,
): Promise<void> {
  await holdVerification(trx, held);
  const parameters = [connectionId, held.id, entity];
  await trx.executeQuery(CompiledQuery.raw(table.verify.loosen, parameters));
  if (!marksExtra) return;
  const { rows } = await trx.executeQuery<{ id: string }>(CompiledQuery.raw(table.verify.markExtra, parameters));
  const ids = rows.map((row) => row.id);
  if (ids.length === 0) return;
  for (const elect of table.electChildren) await trx.executeQuery(CompiledQuery.raw(elect, [ids, connectionId]));
}

/**
 * Notes which sync repairs an entity (null: none was needed), whether that is through, and what is left alone (null:
 * nothing), which makes the repair fail in the end. Throws SyncError FENCED_OUT.
 */
export async function noteRepair(
  trx: Db,
  held: Held,
  entity: string,
  state: { readonly jobId: string | null; readonly repaired: boolean; readonly left: string | null },
): Promise<void> {
  await holdVerification(trx, held);
  await trx
    .updateTable('verification_entities')
    .set({ repair_job_id: state.jobId, repaired: state.repaired })
    .where('verification_id', '=', held.id)
    .where('entity', '=', entity)
    .execute();
  if (state.left === null) return;
  await trx.updateTable('verifications').set({ repair_error: state.left }).where('id', '=', held.id).execute();
}

/** Ends a repair, unless it is in other hands: well, if nothing was left alone. */
export async function endRepair(db: Db, { id, epoch }: Held, error: string | null): Promise<void> {
  await db
    .updateTable('verifications')
    .set((eb) => ({
      repair: error === null ? sql<'done'>`case when repair_error is null then 'done' else 'failed' end` : 'failed',
      ...(error !== null && { repair_error: error }),
      ...{ waiting_for: eb.lit(null), repair_ended_at: sql<Date>`now()` },
    }))
    .where('id', '=', id)
    .where('epoch', '=', epoch)
    .where('repair', '=', 'asked')
    .execute();
}
