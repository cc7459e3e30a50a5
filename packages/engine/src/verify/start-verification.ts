import { SyncError } from '@syncline/connector-kit';
import { type Actor, askForRepair, type Connection, createVerification, readStop } from '@syncline/store';
import { connectorOf, type EngineContext } from '../context.js';
import { selectEntities } from '../plan/select-entities.js';

type StartContext = Pick<EngineContext, 'db' | 'connectors' | 'verifications' | 'log'>;

export interface VerificationRequest {
  /** Entities to look at; empty for all. One that comes along with another one's pages brings that one with it. */
  readonly entities: readonly string[];
  readonly trigger: 'manual' | 'schedule';
  readonly triggeredBy: string | null;
  readonly by?: Actor | undefined;
}

/**
 * Has a connection's records held against its rows. It stands in Postgres when this returns; while Redis is away the
 * reconciler finds it.
 *
 * Throws SyncError VERIFICATION_RUNNING, SYNC_STOPPED, CONNECTION_NOT_READY, and RangeError for an entity that the
 * connector does not have.
 */
export async function startVerification(
  ctx: StartContext,
  connection: Connection,
  request: VerificationRequest,
): Promise<string> {
  const id = await ctx.db.transaction().execute((trx) => orderVerification({ ...ctx, db: trx }, connection, request));
  await wakeVerification(ctx, connection);
  return id;
}

/** The half of it that is in Postgres: for a transaction of the caller. Throws like `startVerification`. */
export async function orderVerification(
  ctx: Pick<StartContext, 'db' | 'connectors'>,
  connection: Connection,
  request: VerificationRequest,
): Promise<string> {
  const { id: connectionId, organizationId } = connection;
  if ((await readStop(ctx.db, organizationId)) !== undefined) throw new SyncError('SYNC_STOPPED');
  if (connection.status === 'paused' || connection.status === 'needs_reauth') {
    throw new SyncError('CONNECTION_NOT_READY', `The connection is ${connection.status}`);
  }
  const connector = connectorOf(ctx, connection.connector);
  selectEntities(connector, request.entities);
  const wanted = new Set(request.entities);
  const entities = connector.entities
    .filter(({ name, brings = [] }) => wanted.size === 0 || wanted.has(name) || brings.some((one) => wanted.has(one)))
    .flatMap(({ name, brings = [] }) => [name, ...brings]);
  return createVerification(ctx.db, { organizationId, connectionId }, { ...request, entities: [...new Set(entities)] });
}

/** Has it worked on. A Redis that is away is no failure. */
export async function wakeVerification(
  ctx: Pick<StartContext, 'verifications' | 'log'>,
  { id: connectionId, organizationId, connector }: Connection,
): Promise<void> {
  try {
    await ctx.verifications.wake({ organizationId, connectionId, connector, entity: '' }, { hurry: true });
  } catch (error) {
    ctx.log.warn(
      { event: 'redis.awaited', err: error, connectionId },
      'Redis is away; the reconciler finds the verification',
    );
  }
}

/**
 * Orders the repair of what a verification of this connection found. Throws SyncError VALIDATION_FAILED when there is
 * nothing to repair, VERIFICATION_RUNNING when another one has not ended.
 */
export async function startRepair(ctx: StartContext, connection: Connection, id: string, by: Actor): Promise<void> {
  if (!(await askForRepair(ctx.db, connection.organizationId, id, by))) {
    throw new SyncError(
      'VALIDATION_FAILED',
      'There is nothing to repair: it has not been done, found nothing, or was repaired',
    );
  }
  await wakeVerification(ctx, connection);
}
