import {
  cancelJob,
  type DeletedConnection,
  eraseConnection,
  eraseRows,
  isTransientDatabaseError,
  listDeletedConnections,
  noteErasureFailure,
} from '@syncline/store';
import { connectorOf, type EngineContext } from '../context.js';

/** Rows of one statement: a fraction of a second, so that nobody waits long for what it locks. */
const batch = 2_000;
const connectionsAtOnce = 20;
const by = { actor: 'the deletion of its connection' };

/**
 * Takes away what deleted connections have left behind, for about `seconds`; the rest has its turn in the next round.
 * Any number of processes may do so, and each may die in the middle: what is left is found again.
 */
export async function eraseDeleted(
  ctx: Pick<EngineContext, 'db' | 'connectors' | 'log'>,
  seconds: number,
): Promise<void> {
  const deadline = performance.now() + seconds * 1_000;
  for (const connection of await listDeletedConnections(ctx.db, connectionsAtOnce)) {
    try {
      await erase(ctx, connection, deadline);
    } catch (error) {
      if (isTransientDatabaseError(error)) throw error;
      // One connection's trouble is not the others': a row of the user's own may refer to one of these.
      ctx.log.error(
        { event: 'connection.erase_failed', err: error, ...placeOf(connection) },
        'a deleted connection cannot be erased',
      );
      await noteErasureFailure(ctx.db, connection, error instanceof Error ? error.message : String(error));
    }
    if (performance.now() > deadline) return;
  }
}

async function erase(
  ctx: Pick<EngineContext, 'db' | 'connectors' | 'log'>,
  connection: DeletedConnection,
  deadline: number,
): Promise<void> {
  // First, because a run that is still at it would write rows behind our back. One that is committing is waited for.
  for (const jobId of connection.liveJobIds) await cancelJob(ctx.db, connection.organizationId, jobId, by);
  for (const table of tablesOf(ctx, connection)) {
    while ((await eraseRows(ctx.db, connection, table, batch)) === batch) {
      if (performance.now() > deadline) return;
    }
  }
  if (await eraseConnection(ctx.db, connection)) {
    ctx.log.info(
      { event: 'connection.erased', ...placeOf(connection), withData: connection.withData },
      'deleted connection erased',
    );
  }
}

/** Children before their parents. Throws Error where this release does not know the tables; another one may. */
function tablesOf(ctx: Pick<EngineContext, 'connectors'>, { connector, withData }: DeletedConnection): string[] {
  const { entities, refreshes = [] } = connectorOf(ctx, connector);
  // After the rows, whose deletion is noted there as well. Where the rows stay, so does what was computed from them.
  const changes = refreshes.map((refresh) => refresh.changes);
  if (!withData) return changes;
  const computed = refreshes.flatMap(({ tables }) => tables);
  return [...entities.map(({ table }) => table.name).reverse(), ...computed, ...changes];
}

function placeOf({ organizationId, id: connectionId }: DeletedConnection) {
  return { organizationId, connectionId };
}
