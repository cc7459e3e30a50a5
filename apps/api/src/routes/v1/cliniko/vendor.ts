import { SyncError } from '@syncline/connector-kit';
import type { Connection } from '@syncline/store';
import { z } from 'zod';
import type { TenantContext } from '../../../access/caller.js';
import { connectionsFor } from '../sync/start-syncs.js';

/** The one vendor of these paths. */
export const clinikoConnector = 'cliniko';

export const connectionQuery = {
  connection_id: z
    .guid('has to be the id of a connection (a UUID)')
    .optional()
    .describe('Needed where the organization has several accounts there'),
};

/**
 * The connection named, or the only one there is. Undefined when there is none at all.
 *
 * Throws SyncError CONNECTION_NOT_FOUND for a name that is none, CONNECTION_AMBIGUOUS.
 */
export async function clinikoConnection(
  ctx: Pick<TenantContext, 'db' | 'organizationId'>,
  id: string | undefined,
): Promise<Connection | undefined> {
  const [only, ...others] = await connectionsFor(ctx, id, clinikoConnector);
  if (others.length === 0) return only;
  const names = [only, ...others].map((connection) => connection?.id).join(', ');
  throw new SyncError('CONNECTION_AMBIGUOUS', `There are several: ${names}. Name one as connection_id`);
}
