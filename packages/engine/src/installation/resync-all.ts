import { isSyncError } from '@syncline/connector-kit';
import { listAllConnections, type RestoredSync } from '@syncline/store';
import type { WorkContext } from '../context.js';
import { startSync } from '../job/start-sync.js';

/**
 * Starts an incremental sync of each connection: it begins at the watermark that the backup had, and so reads whatever the
 * vendor changed since. Where syncs do not start by themselves, nothing is started, and somebody has to. What was deleted
 * at the vendor is found by a full sync; that is not started, as it costs much of a budget: an alert asks for it.
 */
export async function resyncAll(ctx: WorkContext): Promise<RestoredSync[]> {
  const results: RestoredSync[] = [];
  for (const connection of await listAllConnections(ctx.db)) {
    const about = { organizationId: connection.organizationId, connectionId: connection.id };
    if (ctx.schedules === undefined) {
      results.push({ ...about, refused: 'ENABLE_SYNC_SCHEDULER' });
      continue;
    }
    try {
      const order = { syncType: 'restored', entities: [], mode: 'incremental', trigger: 'recovery' } as const;
      const { jobId } = await startSync(ctx, connection, { ...order, triggeredBy: 'restore' });
      results.push({ ...about, jobId });
    } catch (error) {
      const running = isSyncError(error, 'SYNC_ALREADY_RUNNING') ? error.details['runningJobId'] : undefined;
      if (typeof running === 'string') {
        // It was under way in the backup and goes on; what it does not read any more, the next one does.
        results.push({ ...about, jobId: running });
        continue;
      }
      // Paused, stopped, under way, to be authorised again, or of a connector that this release has not: each on its own.
      if (!isSyncError(error))
        ctx.log.warn({ event: 'restore.not_resynced', err: error, ...about }, 'no sync was started after the restore');
      results.push({ ...about, refused: isSyncError(error) ? error.code : 'INTERNAL' });
    }
  }
  return results;
}
