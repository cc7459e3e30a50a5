import { SyncError } from '@syncline/connector-kit';
import { type Connection, findConnection, listConnections } from '@syncline/store';
import { z } from 'zod';
import type { TenantContext } from '../../access/caller.js';

/** The one vendor of the system whose paths `/api/sync` are. */
export const compatConnector = 'practicepanther';

export const connectionIdSchema = z
  .guid('has to be the id of a connection (a UUID)')
  .optional()
  .describe('Needed where there are several connections');

/** A connection as it is shown: nothing of its credentials and settings. */
export const connectionSchema = z.object({
  id: z.guid(),
  name: z.string(),
  connector: z.string(),
  status: z.enum(['active', 'paused', 'needs_reauth', 'error']),
  statusReason: z.string().nullable(),
});

export function connectionAnswer(connection: Connection): z.infer<typeof connectionSchema> {
  const { id, name, connector, status, statusReason } = connection;
  return { id, name, connector, status, statusReason };
}

/**
 * The connection named, or the only one there is at the vendor.
 *
 * Throws SyncError CONNECTION_NOT_FOUND, CONNECTION_AMBIGUOUS.
 */
export async function chooseConnection(
  ctx: Pick<TenantContext, 'db' | 'organizationId'>,
  id: string | undefined,
  connector: string = compatConnector,
): Promise<Connection> {
  if (id !== undefined) {
    const connection = await findConnection(ctx.db, ctx.organizationId, id);
    if (connection !== undefined && connection.connector === connector) return connection;
    throw new SyncError('CONNECTION_NOT_FOUND', `There is no connection of ${connector} with this id`);
  }
  const [only, ...others] = await listConnections(ctx.db, ctx.organizationId, connector);
  if (only === undefined)
    throw new SyncError('CONNECTION_NOT_FOUND', `No connection of ${connector} has been set up yet`);
  if (others.length === 0) return only;
  const names = [only, ...others].map(({ id, name }) => `${id} (${name})`).join(', ');
  throw new SyncError('CONNECTION_AMBIGUOUS', `There are several connections: ${names}. Name one as connectionId`);
}
