import { SyncError } from '@syncline/connector-kit';
import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { type Actor, recordAudit } from '../queries/audit.js';
import type { ItemPlace } from '../queries/recovery.js';
import type { VerificationStatus } from '../schema.js';

type Place = Omit<ItemPlace, 'entity'>;

/** A verification to be made. */
export interface VerificationOrder {
  /** In the order in which they are to be read. */
  readonly entities: readonly string[];
  readonly trigger: 'manual' | 'schedule';
  readonly triggeredBy: string | null;
  readonly by?: Actor | undefined;
}

/** How much before its time it may be taken in hand: the clock that says when is the worker's. */
const earlySeconds = 2;

/** Of each connection so many are kept. */
const kept = 20;

/**
 * Makes a verification; the oldest ones of the connection go. In a transaction of the caller.
 *
 * Throws SyncError VERIFICATION_RUNNING when there is one that has not ended.
 */
export async function createVerification(trx: Db, place: Place, order: VerificationOrder): Promise<string> {
  const { organizationId, connectionId } = place;
  const { entities, trigger, triggeredBy, by } = order;
  // Not by an error: the transaction has to go on.
  const made = await trx
    .insertInto('verifications')
    .values({
      ...{ organization_id: organizationId, connection_id: connectionId },
      ...{ trigger, triggered_by: triggeredBy },
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made === undefined) throw new SyncError('VERIFICATION_RUNNING');
  const { id } = made;
  await trx
    .insertInto('verification_entities')
    .values(
      entities.map((entity, position) => ({
        ...{ verification_id: id, organization_id: organizationId, entity, position },
      })),
    )
    .execute();
  await sql`
    delete from verifications where organization_id = ${organizationId} and connection_id = ${connectionId}
      and status not in ('queued', 'running') and repair is distinct from 'asked'
      and id not in (select id from verifications
        where organization_id = ${organizationId} and connection_id = ${connectionId}
        order by created_at desc limit ${kept})`.execute(trx);
  if (by !== undefined) await audit(trx, organizationId, by, 'verify.start', id, { connectionId, entities });
  return id;
}

/** A verification in the hands of one turn, which writes under this epoch and no other. */
export interface ClaimedVerification {
  readonly id: string;
  readonly epoch: number;
  readonly status: VerificationStatus;
  readonly repairs: boolean;
  readonly repairBy: string | null;
}

/** Takes the connection's verification in hand that has not ended, if it is due; whoever had it writes no more. */
export async function claimVerification(db: Db, place: Place): Promise<ClaimedVerification | undefined> {
  const { rows } = await sql<ClaimedVerification>`
    update verifications set epoch = epoch + 1,
      status = case status when 'queued' then 'running' else status end, started_at = coalesce(started_at, now())
    where organization_id = ${place.organizationId} and connection_id = ${place.connectionId}
      and (status in ('queued', 'running') or repair = 'asked') and due_at <= now() + make_interval(secs => ${earlySeconds})
    returning id, epoch, status, repair is not null as repairs, repair_by as "repairBy"`.execute(db);
  return rows[0];
}

/** Where verifications are due whose connection may work on them. */
export async function listDueVerifications(
  db: Db,
  limit: number,
): Promise<(ItemPlace & { readonly connector: string })[]> {
  const { rows } = await sql<ItemPlace & { connector: string }>`
    select v.organization_id as "organizationId", v.connection_id as "connectionId", '' as entity, c.connector
    from verifications v
    join connections c on c.id = v.connection_id and c.status in ('active', 'error')
    join organizations o on o.id = v.organization_id and o.stopped_at is null
    where (v.status in ('queued', 'running') or v.repair = 'asked') and v.due_at <= now()
    order by v.due_at limit ${limit}`.execute(db);
  return rows;
}

type Held = Pick<ClaimedVerification, 'id' | 'epoch'>;

/**
 * Locks the verification, and checks that it is still in our hands. Paused: somebody has stopped the organization or
 * paused the connection. Throws SyncError FENCED_OUT.
 */
export async function holdVerification(trx: Db, { id, epoch }: Held): Promise<'live' | 'paused'> {
  const row = await trx
    .selectFrom('verifications as v')
    .innerJoin('connections as c', 'c.id', 'v.connection_id')
    .innerJoin('organizations as o', 'o.id', 'v.organization_id')
    .select(['v.epoch', 'v.status', 'v.repair'])
    .select(sql<boolean>`o.stopped_at is not null or c.status = 'paused'`.as('paused'))
    .where('v.id', '=', id)
    .forUpdate('v')
    .executeTakeFirst();
  if (row?.epoch === epoch && (row.status === 'running' || row.repair === 'asked')) {
    return row.paused ? 'paused' : 'live';
  }
  throw new SyncError('FENCED_OUT', undefined, { details: { verification: id, epoch } });
}

/** Notes what it rests for. `isAttempt`: because of a failure; gives how many there were in a row. */
export async function noteVerificationRest(
  db: Db,
  { id, epoch }: Held,
  rest: { readonly waitingFor: string; readonly until: Date; readonly isAttempt?: boolean },
): Promise<number> {
  const row = await db
    .updateTable('verifications')
    .set((eb) => ({
      waiting_for: rest.waitingFor,
      due_at: rest.until,
      attempts: eb('attempts', '+', rest.isAttempt ? 1 : 0),
    }))
    .where('id', '=', id)
    .where('epoch', '=', epoch)
    .returning('attempts')
    .executeTakeFirst();
  return row?.attempts ?? 0;
}

export interface VerificationEnd {
  readonly status: 'done' | 'failed';
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

/** Ends it, unless it is in other hands. What was noted of pages goes. */
export async function endVerification(db: Db, { id, epoch }: Held, end: VerificationEnd): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('verifications')
      .set({
        ...{ status: end.status, error_code: end.errorCode ?? null, error_message: end.errorMessage ?? null },
        ...{ waiting_for: null, ended_at: sql<Date>`now()` },
      })
      .where('id', '=', id)
      .where('epoch', '=', epoch)
      .where('status', '=', 'running')
      .executeTakeFirst();
    if (numUpdatedRows > 0n) await trx.deleteFrom('verification_pages').where('verification_id', '=', id).execute();
  });
}

/**
 * Cancels a verification, or its repair: whoever works on it writes no more. False when it has ended.
 */
export async function cancelVerification(db: Db, organizationId: string, id: string, by: Actor): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql`
      update verifications set epoch = epoch + 1, waiting_for = null, ended_at = coalesce(ended_at, now()),
        status = case when status in ('queued', 'running') then 'cancelled' else status end,
        repair = case when repair = 'asked' then 'failed' else repair end,
        repair_error = case when repair = 'asked' then 'cancelled' else repair_error end
      where organization_id = ${organizationId} and id = ${id} and (status in ('queued', 'running') or repair = 'asked')
      returning id`.execute(trx);
    if (rows.length === 0) return false;
    await trx.deleteFrom('verification_pages').where('verification_id', '=', id).execute();
    await audit(trx, organizationId, by, 'verify.cancel', id, {});
    return true;
  });
}

export async function audit(
  trx: Db,
  organizationId: string,
  by: Actor,
  action: string,
  subjectId: string,
  details: Record<string, unknown>,
): Promise<void> {
  await recordAudit(trx, { organizationId, ...by, action, subjectKind: 'verification', subjectId, details });
}
