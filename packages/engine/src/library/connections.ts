import { type Connector, isSyncError, SyncError } from '@syncline/connector-kit';
import { type Connection, ensureConnection, listConnections } from '@syncline/store';
import { checkCredentials, checkSettings, refuseFindings } from '../connections/check-given.js';
import { createConnection } from '../connections/create-connection.js';
import type { EngineContext } from '../context.js';
import { makeDefaultSchedules } from '../schedules/default-schedules.js';

/** Whose connections, and in whose name. */
export interface Owner {
  readonly organizationId: string;
  readonly actor: string;
}

export interface ConnectionGiven {
  /** The connector's id: `practicepanther`. */
  readonly connector: string;
  /** Tells connections of one connector apart. Default `library`. */
  readonly name?: string | undefined;
  /** As the vendor's page in docs/vendors says. Stored encrypted, and never shown. */
  readonly credentials: unknown;
  /** What is not named stays as it is, or is the connector's default. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
}

/** An account at a vendor. */
export interface SynclineConnection {
  readonly id: string;
  readonly connector: string;
  readonly name: string;
  /** `paused` and `needs_reauth` cannot be synced; `statusReason` says why. */
  readonly status: Connection['status'];
  readonly statusReason: string | null;
}

export const defaultName = 'library';

/** Makes the connection, or brings the one of that name up to date. Throws like `Syncline.ensureConnection`. */
export async function ensure(ctx: EngineContext, owner: Owner, given: ConnectionGiven): Promise<SynclineConnection> {
  const { name = defaultName, credentials, settings = {} } = given;
  const { organizationId, actor } = owner;
  const connector = connectorGiven(ctx, given.connector);
  const of = { organizationId, connector: connector.id, name, credentials, settings };
  const found = await lookFor(ctx, owner, connector.id, name);
  try {
    if (found === undefined) return shown(await createConnection(ctx, of, { actor }));
  } catch (error) {
    // Somebody else has made it in between, unless it is something that is wrong with it.
    if (!isSyncError(error, 'VALIDATION_FAILED') || error.field !== 'name') throw error;
    if ((await lookFor(ctx, owner, connector.id, name)) === undefined) throw error;
  }
  refuseFindings(connector, settings, found?.settings);
  checkSettings(connector, { ...found?.settings, ...settings }, ctx.road);
  checkCredentials(connector, credentials);
  const connection = await ensureConnection(ctx.db, ctx.vault, { ...of, settings: { ...settings } });
  await makeDefaultSchedules(ctx.db, connector, connection);
  return shown(connection);
}

/** Throws SyncError CONNECTION_NOT_FOUND, with the names that there are. */
export async function find(
  ctx: EngineContext,
  owner: Owner,
  connectorId: string,
  name: string,
): Promise<SynclineConnection> {
  const connector = connectorGiven(ctx, connectorId);
  const found = await lookFor(ctx, owner, connector.id, name);
  if (found !== undefined) return shown(found);
  const names = (await listConnections(ctx.db, owner.organizationId, connector.id)).map((one) => one.name);
  const there = names.length === 0 ? 'there is none yet' : `there are ${names.join(', ')}`;
  throw new SyncError('CONNECTION_NOT_FOUND', `${connector.displayName} has no connection ${name}: ${there}`);
}

async function lookFor(ctx: EngineContext, { organizationId }: Owner, connector: string, name: string) {
  const connections = await listConnections(ctx.db, organizationId, connector);
  return connections.find((connection) => connection.name === name);
}

/** Throws SyncError VALIDATION_FAILED, with the ids that were given. */
function connectorGiven(ctx: Pick<EngineContext, 'connectors'>, id: string): Connector {
  const connector = ctx.connectors.find((candidate) => candidate.id === id);
  if (connector !== undefined) return connector;
  const known = ctx.connectors.map((one) => one.id).join(', ');
  throw new SyncError('VALIDATION_FAILED', `${id} is not among the connectors that were given: ${known}`, {
    field: 'connector',
  });
}

function shown({ id, connector, name, status, statusReason }: Connection): SynclineConnection {
  return { id, connector, name, status, statusReason };
}
