import { sql } from 'kysely';
import type { Db } from '../open-database.js';
import { type Actor, recordAudit } from './audit.js';

export interface Stop {
  readonly stoppedAt: Date;
  readonly stoppedBy: string | null;
  /** Null where nobody gave one. */
  readonly reason: string | null;
}

/** The organization's emergency stop, if it is in force. */
export async function readStop(db: Db, organizationId: string): Promise<Stop | undefined> {
  const row = await db
    .selectFrom('organizations')
    .select(['stopped_at as stoppedAt', 'stopped_by as stoppedBy', 'stop_reason as reason'])
    .where('id', '=', organizationId)
    .executeTakeFirst();
  return row === undefined || row.stoppedAt === null ? undefined : { ...row, stoppedAt: row.stoppedAt };
}

/** Whether a stop of any organization is in force. */
export async function isAnyStopped(db: Db): Promise<boolean> {
  const stopped = db.selectFrom('organizations').select('id').where('stopped_at', 'is not', null).limit(1);
  return (await stopped.executeTakeFirst()) !== undefined;
}

/** Puts the stop in force; it holds over restarts, until it is lifted. A second one leaves the first as it is. */
export async function stopOrganization(
  db: Db,
  organizationId: string,
  by: Actor,
  reason: string | null = null,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('organizations')
      .set({ stopped_at: sql<Date>`now()`, stopped_by: by.actor, stop_reason: reason })
      .where('id', '=', organizationId)
      .where('stopped_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    const entry = { action: 'syncs.stop', subjectKind: 'organization', details: reason === null ? {} : { reason } };
    await recordAudit(trx, { organizationId, ...by, ...entry });
    return true;
  });
}

/** Lifts the stop. False when there was none. */
export async function restartOrganization(db: Db, organizationId: string, by: Actor): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('organizations')
      .set({ stopped_at: null, stopped_by: null, stop_reason: null })
      .where('id', '=', organizationId)
      .where('stopped_at', 'is not', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await recordAudit(trx, { organizationId, ...by, action: 'syncs.restart', subjectKind: 'organization' });
    return true;
  });
}

/** The organization's jobs that have not ended, oldest first. */
export async function liveJobIds(db: Db, organizationId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('sync_jobs')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('status', 'in', ['queued', 'running'])
    .orderBy('created_at')
    .execute();
  return rows.map(({ id }) => id);
}
