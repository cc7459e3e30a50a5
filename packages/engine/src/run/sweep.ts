import { entityOf, SyncError } from '@syncline/connector-kit';
import { confirmHeldSweep, findConnection, type SweepOwner } from '@syncline/store';
import { connectorOf, type EngineContext } from '../context.js';
import { targetSql } from '../table-families.js';

/**
 * Somebody's yes to a sweep that the brake has held (a failed item of kind `sweep`): marks its rows as deleted, except
 * those that were written or seen since, and resolves the item. Asks no vendor. Returns how many rows were marked.
 *
 * Throws SyncError ITEM_RESOLVED when no sweep of the entity is held any more, CONNECTION_NOT_FOUND.
 */
export async function confirmSweep(
  ctx: Pick<EngineContext, 'db' | 'connectors' | 'log'>,
  item: SweepOwner,
): Promise<number> {
  const { organizationId, connectionId, entity: name } = item;
  const connection = await findConnection(ctx.db, organizationId, connectionId);
  if (connection === undefined) throw new SyncError('CONNECTION_NOT_FOUND');
  const connector = connectorOf(ctx, connection.connector);
  const deleted = await confirmHeldSweep(ctx.db, await targetSql(ctx.db, connector, entityOf(connector, name)), item);
  ctx.log.info(
    { event: 'sweep.confirmed', organizationId, connectionId, entity: name, deleted },
    'held sweep confirmed',
  );
  return deleted;
}
