import { SyncError } from '@syncline/connector-kit';
import { type Actor, listJobs, lockConnection, recordAudit, setConnectionStatus } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { continueJob } from '../job/continue-job.js';

/**
 * Pauses a connection, over restarts and for every process: a sync that runs rests at its next page, none starts, and
 * schedules skip their times. Nothing happens to one that is paused.
 *
 * Throws SyncError CONNECTION_NOT_FOUND.
 */
export async function pauseConnection(
  ctx: Pick<EngineContext, 'db' | 'log'>,
  organizationId: string,
  id: string,
  by: Actor,
): Promise<void> {
  if (await setPaused(ctx, organizationId, id, true, by))
    ctx.log.info({ event: 'connection.paused', organizationId, connectionId: id }, 'connection paused');
}

/**
 * Ends a pause. A sync that rested goes on at its checkpoint; while Redis is away, as soon as it is back and a worker's
 * reconciler notices. Whether the vendor accepts the credentials is seen then. Nothing happens to one that is not paused.
 *
 * Throws SyncError CONNECTION_NOT_FOUND.
 */
export async function resumeConnection(
  ctx: EngineContext,
  organizationId: string,
  id: string,
  by: Actor,
): Promise<void> {
  if (!(await setPaused(ctx, organizationId, id, false, by))) return;
  ctx.log.info({ event: 'connection.resumed', organizationId, connectionId: id }, 'connection resumed');
  const live = { connectionId: id, statuses: ['queued', 'running'] as const };
  const [job] = await listJobs(ctx.db, organizationId, live, { limit: 1, offset: 0 });
  if (job === undefined) return;
  await continueJob(ctx, job.id).catch((error: unknown) =>
    ctx.log.warn(
      { event: 'redis.awaited', err: error, organizationId, connectionId: id, syncJobId: job.id },
      'the reconciler takes this job up when Redis is back',
    ),
  );
}

async function setPaused(
  ctx: Pick<EngineContext, 'db'>,
  organizationId: string,
  id: string,
  paused: boolean,
  by: Actor,
): Promise<boolean> {
  return ctx.db.transaction().execute(async (trx) => {
    const connection = await lockConnection(trx, organizationId, id);
    if (connection === undefined) throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
    if ((connection.status === 'paused') === paused) return false;
    const [status, reason] = paused ? (['paused', `by ${by.actor}`] as const) : (['active', null] as const);
    await setConnectionStatus(trx, connection, status, reason);
    const action = paused ? 'connection.pause' : 'connection.resume';
    await recordAudit(trx, { organizationId, ...by, action, subjectKind: 'connection', subjectId: id });
    return true;
  });
}
