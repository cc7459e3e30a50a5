import { sql } from 'kysely';
import type { Db } from '../open-database.js';

/** Why a sweep waits for somebody's word, in numbers and in words. */
export interface HeldSweep {
  readonly message: string;
  readonly payload: {
    readonly scanId: string;
    /**
     * brake: more rows than both limits allow. unnamed: the list had records without a readable id. refused: the vendor
     * does not let us ask for records by id. distrusted: asked by id, it denied records that it had just listed.
     */
    readonly reason: 'brake' | 'unnamed' | 'refused' | 'distrusted';
    readonly candidates: number;
    readonly live: number;
    /** Some of the candidates' vendor ids. */
    readonly sample: readonly string[];
  };
}

interface Owner {
  readonly organizationId: string;
  readonly connectionId: string;
  readonly syncJobId: string;
  readonly entity: string;
}

/** Keeps a held sweep as a failed item. An entity has one at most: a later scan's replaces an earlier one's. */
export async function recordHeldSweep(trx: Db, owner: Owner, { message, payload }: HeldSweep): Promise<void> {
  await sql`
    insert into sync_failed_items
      (organization_id, connection_id, sync_job_id, entity, kind, payload, error_code, message)
    values (${owner.organizationId}, ${owner.connectionId}, ${owner.syncJobId}, ${owner.entity}, 'sweep',
      ${JSON.stringify(payload)}::jsonb, 'SWEEP_HELD', ${message})
    on conflict (connection_id, entity, kind, coalesce(vendor_id, ''))
      where status <> 'resolved' and (kind <> 'record' or vendor_id is not null)
    do update set sync_job_id = excluded.sync_job_id, payload = excluded.payload, message = excluded.message,
      status = 'pending', next_attempt_at = null, claim = null, claimed_until = null,
      attempts = sync_failed_items.attempts + 1, updated_at = now()`.execute(trx);
}

/** Closes the entity's held sweep, if there is one: its rows were decided about, or a later scan knows better. */
export async function resolveHeldSweep(
  trx: Db,
  { organizationId, connectionId, entity }: Omit<Owner, 'syncJobId'>,
  note: string,
): Promise<void> {
  await trx
    .updateTable('sync_failed_items')
    .set((eb) => ({
      status: 'resolved',
      note: eb.fn.coalesce('note', eb.val(note)),
      resolved_at: sql<Date>`now()`,
      updated_at: sql<Date>`now()`,
    }))
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .where('entity', '=', entity)
    .where('kind', '=', 'sweep')
    .where('status', '<>', 'resolved')
    .execute();
}
