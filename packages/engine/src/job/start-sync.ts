import { SyncError } from '@syncline/connector-kit';
import { type Connection, createJob, readStates, readStop, type Trigger } from '@syncline/store';
import { settingsOf } from '../connection-settings.js';
import { connectorOf, type EngineContext } from '../context.js';
import { planRuns } from '../plan/plan-runs.js';
import { selectEntities } from '../plan/select-entities.js';
import { layFlow } from './continue-job.js';

export interface SyncRequest {
  /** What was asked for, in the words of whoever asked; kept for the history. */
  readonly syncType: string;
  readonly mode: 'full' | 'incremental';
  /** Entities to sync, with all they depend on; empty for all. */
  readonly entities: readonly string[];
  readonly trigger: Trigger;
  readonly triggeredBy: string | null;
}

export interface StartedSync {
  readonly jobId: string;
  /** In the order they are synced. */
  readonly entities: readonly string[];
  /** False when Redis is away: the job is safe in Postgres and starts when Redis is back. */
  readonly enqueued: boolean;
}

/**
 * Starts a sync of a connection: the job is in Postgres before it is in any queue.
 *
 * Throws SyncError SYNC_ALREADY_RUNNING, SYNC_STOPPED, CONNECTION_NOT_READY, CONNECTION_SETTINGS_INVALID, and RangeError for an
 * entity that the connector does not have.
 */
export async function startSync(
  ctx: Pick<EngineContext, 'db' | 'flows' | 'connectors' | 'log'>,
  connection: Connection,
  request: SyncRequest,
): Promise<StartedSync> {
  if ((await readStop(ctx.db, connection.organizationId)) !== undefined) throw new SyncError('SYNC_STOPPED');
  if (connection.status === 'paused' || connection.status === 'needs_reauth') {
    const why = connection.statusReason === null ? '' : `: ${connection.statusReason}`;
    throw new SyncError('CONNECTION_NOT_READY', `The connection is ${connection.status}${why}`);
  }
  const connector = connectorOf(ctx, connection.connector);
  const entities = selectEntities(connector, request.entities);
  const states = await readStates(ctx.db, connection.organizationId, connection.id);
  const runs = planRuns(entities, request.mode, states, settingsOf(connector, connection), new Date());
  const { syncType, mode, trigger, triggeredBy } = request;
  const jobId = await createJob(ctx.db, connection, { syncType, mode, trigger, triggeredBy, runs });
  ctx.log.info({ syncJobId: jobId, connectionId: connection.id, syncType, mode, entities }, 'sync job created');
  try {
    const { organizationId } = connection;
    await layFlow(ctx, { id: jobId, organizationId, flowRound: 0 }, connector.id, entities);
    return { jobId, entities, enqueued: true };
  } catch (error) {
    ctx.log.warn({ err: error, syncJobId: jobId }, 'Redis is away; the reconciler adds the flow when it is back');
    return { jobId, entities, enqueued: false };
  }
}
