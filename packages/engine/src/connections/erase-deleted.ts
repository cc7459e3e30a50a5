import { cancelJob, type DeletedConnection, eraseConnection, eraseRows, listDeletedConnections } from '@syncline/store';
import type { EngineContext } from '../context.js';

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
    // First, because a run that is still at it would write rows behind our back. One that is committing is waited for.
    for (const jobId of connection.liveJobIds) await cancelJob(ctx.db, connection.organizationId, jobId, by);
    const tables = tablesOf(ctx, connection);
    if (tables === undefined) continue;
    for (const table of tables) {
      while ((await eraseRows(ctx.db, connection, table, batch)) === batch) {
        if (performance.now() > deadline) return;
      }
    }
    if (await eraseConnection(ctx.db, connection)) {
      ctx.log.info({ connectionId: connection.id, withData: connection.withData }, 'deleted connection erased');
    }
    if (performance.now() > deadline) return;
  }
}

/** Children before their parents; undefined where this release does not know the tables: another one may. */
function tablesOf(
  ctx: Pick<EngineContext, 'connectors' | 'log'>,
  { id: connectionId, connector: connectorId, withData }: DeletedConnection,
): string[] | undefined {
  if (!withData) return [];
  const connector = ctx.connectors.find((candidate) => candidate.id === connectorId);
  if (connector === undefined) {
    ctx.log.warn({ connectionId, connector: connectorId }, 'the data of a deleted connection stays: no such connector');
    return undefined;
  }
  return connector.entities.map(({ table }) => table.name).reverse();
}
