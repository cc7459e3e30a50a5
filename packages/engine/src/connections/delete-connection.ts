import { SyncError } from '@syncline/connector-kit';
import { type Actor, cancelJob, listJobs, lockConnection, markConnectionDeleted, recordAudit } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { deriveScheduler } from '../schedules/keep-schedules.js';

/**
 * Deletes a connection: for everybody it is gone when this returns, with its credentials and schedules, and its sync is
 * cancelled. Workers take its history away, and the rows of its target tables where `withData` (`eraseDeleted`). Without,
 * those rows stay as they are and belong to nobody.
 *
 * Throws SyncError CONNECTION_NOT_FOUND.
 */
export async function deleteConnection(
  ctx: Pick<EngineContext, 'db' | 'log' | 'schedules'>,
  organizationId: string,
  id: string,
  withData: boolean,
  by: Actor,
): Promise<void> {
  const scheduleIds = await ctx.db.transaction().execute(async (trx) => {
    const connection = await lockConnection(trx, organizationId, id);
    if (connection === undefined) throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
    const details = { connector: connection.connector, name: connection.name, withData };
    const entry = { action: 'connection.delete', subjectKind: 'connection', subjectId: id, details };
    await recordAudit(trx, { organizationId, ...by, ...entry });
    return markConnectionDeleted(trx, connection, withData);
  });
  ctx.log.info({ event: 'connection.deleted', organizationId, connectionId: id, withData }, 'connection deleted');
  const live = { connectionId: id, statuses: ['queued', 'running'] as const };
  for (const job of await listJobs(ctx.db, organizationId, live, { limit: 10, offset: 0 })) {
    await cancelJob(ctx.db, organizationId, job.id, by);
  }
  for (const scheduleId of scheduleIds) await deriveScheduler(ctx, { id: scheduleId });
}
