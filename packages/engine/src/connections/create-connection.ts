import { randomUUID } from 'node:crypto';
import { SyncError } from '@syncline/connector-kit';
import { type Actor, type Connection, insertConnection, recordAudit } from '@syncline/store';
import { connectorOf, type EngineContext } from '../context.js';
import { makeDefaultSchedules } from '../schedules/default-schedules.js';
import { checkCredentials, checkSettings, refuseFindings } from './check-given.js';

/** The name under which connections are made that variables of the environment describe. */
export const environmentName = 'environment';

export interface GivenConnection {
  readonly organizationId: string;
  readonly connector: string;
  readonly name: string;
  readonly credentials: unknown;
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Makes a connection with the schedules that its connector proposes; workers have these within seconds. The vendor is
 * not asked: see `testConnection`.
 *
 * Throws SyncError VALIDATION_FAILED, with the field, and EGRESS_REFUSED.
 */
export async function createConnection(
  ctx: Pick<EngineContext, 'db' | 'vault' | 'connectors' | 'road' | 'log'>,
  given: GivenConnection,
  by: Actor,
): Promise<Connection> {
  const connector = connectorOf(ctx, given.connector);
  requireFreeName(given.name);
  refuseFindings(connector, given.settings);
  checkSettings(connector, given.settings, ctx.road);
  checkCredentials(connector, given.credentials);
  const connection = await ctx.db.transaction().execute(async (trx) => {
    const made = await insertConnection(trx, ctx.vault, {
      ...given,
      id: randomUUID(),
      settings: { ...given.settings },
    });
    await makeDefaultSchedules(trx, connector, made);
    const { id, organizationId, name } = made;
    const details = { connector: connector.id, name, settings: Object.keys(given.settings) };
    const entry = { action: 'connection.create', subjectKind: 'connection', subjectId: id, details };
    await recordAudit(trx, { organizationId, ...by, ...entry });
    return made;
  });
  ctx.log.info(
    {
      ...{ event: 'connection.created', organizationId: connection.organizationId, connectionId: connection.id },
      connector: connector.id,
    },
    'connection created',
  );
  return connection;
}

export function requireFreeName(name: string): void {
  if (name !== environmentName) return;
  const message = `${environmentName} is the name of connections that variables describe`;
  throw new SyncError('VALIDATION_FAILED', message, { field: 'name' });
}
