import { type Connector, SyncError } from '@syncline/connector-kit';
import { startSync } from '@syncline/engine';
import { type Actor, type Connection, findConnection, listConnections } from '@syncline/store';
import { z } from 'zod';
import type { TenantContext } from '../../../access/caller.js';
import { failureTypeOf, failureTypes } from '../../../problems/failure-types.js';
import type { Order } from './sync-modes.js';

/** What every answer to a start has beyond the guide's fields. */
export const startedFields = {
  sync_id: z.guid().describe('The sync to follow; the first one, where several connections are synced'),
  sync_ids: z.array(z.guid()).describe('All that were started, one for each connection'),
  skipped: z
    .array(
      z.object({
        connection_id: z.guid(),
        error_type: z.enum(failureTypes),
        error_code: z.string(),
        message: z.string(),
        sync_id: z.guid().optional().describe('The sync of that connection that is running already'),
      }),
    )
    .describe('Connections of which no sync was started, and why'),
};

export interface StartedSyncs {
  readonly sync_id: string;
  readonly sync_ids: string[];
  readonly skipped: {
    connection_id: string;
    error_type: ReturnType<typeof failureTypeOf>;
    error_code: string;
    message: string;
    sync_id?: string;
  }[];
}

/**
 * Starts a sync of each of the connections. One that cannot be synced now keeps none of the others from it.
 *
 * Throws SyncError when not a single one was started: SYNC_ALREADY_RUNNING if that is so for any (there is a sync to
 * follow), else what was in the way of the first; CONNECTION_NOT_FOUND without connections; SYNC_STOPPED.
 */
export async function startSyncs(
  ctx: TenantContext,
  connections: readonly Connection[],
  by: Actor,
  orderFor: (connector: Connector, connection: Connection) => Order | Promise<Order>,
): Promise<StartedSyncs> {
  const started: string[] = [];
  const refused: { readonly connection: Connection; readonly error: SyncError }[] = [];
  for (const connection of connections) {
    try {
      const connector = ctx.connectors.find(({ id }) => id === connection.connector);
      if (connector === undefined)
        throw new SyncError('CONNECTION_NOT_READY', 'This release does not have its connector');
      const order = await orderFor(connector, connection);
      const request = { ...order, trigger: 'manual', triggeredBy: by.actor, by } as const;
      started.push((await startSync(ctx, connection, request)).jobId);
    } catch (thrown) {
      // A schedule may name an entity that this release does not have.
      const error =
        thrown instanceof RangeError ? new SyncError('CONNECTION_SETTINGS_INVALID', thrown.message) : thrown;
      if (!(error instanceof SyncError) || error.code === 'SYNC_STOPPED') throw error;
      refused.push({ connection, error });
    }
  }
  const [first] = started;
  if (first === undefined) throw whyNone(refused.map(({ error }) => error));
  return { sync_id: first, sync_ids: started, skipped: refused.map(skippedAnswer) };
}

function whyNone(errors: readonly SyncError[]): SyncError {
  const running = errors.find(({ code }) => code === 'SYNC_ALREADY_RUNNING');
  return running ?? errors[0] ?? new SyncError('CONNECTION_NOT_FOUND', 'No connection has been set up yet');
}

function skippedAnswer({ connection, error }: { connection: Connection; error: SyncError }) {
  const { runningJobId } = error.details;
  return {
    connection_id: connection.id,
    error_type: failureTypeOf(error.code),
    error_code: error.code,
    message: error.message,
    ...(typeof runningJobId === 'string' && { sync_id: runningJobId }),
  };
}

/**
 * The connections that a start is about: the one named, or all of the organization, or of a vendor.
 *
 * Throws SyncError CONNECTION_NOT_FOUND for one that is not there.
 */
export async function connectionsFor(
  ctx: Pick<TenantContext, 'db' | 'organizationId'>,
  id: string | undefined,
  connector?: string,
): Promise<Connection[]> {
  if (id === undefined) return listConnections(ctx.db, ctx.organizationId, connector);
  const connection = await findConnection(ctx.db, ctx.organizationId, id);
  if (connection !== undefined && (connector === undefined || connection.connector === connector)) return [connection];
  throw new SyncError('CONNECTION_NOT_FOUND', 'There is no connection with this id');
}
