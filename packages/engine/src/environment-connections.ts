import { type Connection, ensureConnection, ensureOrganization } from '@syncline/store';
import { environmentName } from './connections/create-connection.js';
import type { EngineContext } from './context.js';
import { makeDefaultSchedules } from './schedules/default-schedules.js';

/** The organization that connections of the environment belong to. */
export const defaultOrganization = { slug: 'default', name: 'Default organization' };

/**
 * Makes the connections that the environment describes, or brings them up to date, and gives them the schedules that
 * their connectors propose. Every process may call it at its start, at the same time as others.
 *
 * Returns the default organization's id. Throws RangeError when variables are missing.
 */
export async function ensureEnvironmentConnections(
  ctx: Pick<EngineContext, 'db' | 'vault' | 'connectors'>,
  values: Readonly<Record<string, unknown>>,
): Promise<{ organizationId: string; connections: Connection[] }> {
  const organizationId = await ensureOrganization(ctx.db, defaultOrganization.slug, defaultOrganization.name);
  const connections: Connection[] = [];
  for (const connector of ctx.connectors) {
    const given = connector.environment?.connection(values);
    if (given === undefined) continue;
    const { credentials, settings } = given;
    const of = { organizationId, connector: connector.id, name: environmentName, fromEnvironment: true };
    const connection = await ensureConnection(ctx.db, ctx.vault, { ...of, credentials, settings: { ...settings } });
    await makeDefaultSchedules(ctx.db, connector, connection);
    connections.push(connection);
  }
  return { organizationId, connections };
}
