import { createHash } from 'node:crypto';
import type { BudgetWindow, Connector } from '@syncline/connector-kit';
import { type Connection, readSecrets } from '@syncline/store';
import { credentialsOf, settingsOf } from '../connection-settings.js';
import { connectorOf, type EngineContext } from '../context.js';

/**
 * Names the vendor's quota, and its circuit, without telling the credential: connections with the same one share both.
 */
export function budgetKey(connector: Connector, credentials: unknown): string {
  const identity = `${connector.id}/${connector.budgetIdentity(credentials)}`;
  return createHash('sha256').update(identity).digest('hex').slice(0, 32);
}

/**
 * Under which key, and with which windows, the road knows a connection's budget and circuit: for `road.budgetUse`,
 * `road.circuit`, `road.openCircuit` and `road.closeCircuit`.
 *
 * Throws SyncError CREDENTIALS_UNREADABLE, CONNECTION_SETTINGS_INVALID.
 */
export async function budgetOf(
  ctx: Pick<EngineContext, 'db' | 'vault' | 'connectors'>,
  connection: Connection,
): Promise<{ readonly key: string; readonly windows: readonly BudgetWindow[] }> {
  const { credentials } = await readSecrets(ctx.db, ctx.vault, connection);
  return budgetWith(ctx, connection, credentials);
}

/** The same with credentials that are known. Throws SyncError CONNECTION_SETTINGS_INVALID. */
export function budgetWith(
  ctx: Pick<EngineContext, 'connectors'>,
  connection: Pick<Connection, 'connector' | 'settings'>,
  credentials: unknown,
): { readonly key: string; readonly windows: readonly BudgetWindow[] } {
  const connector = connectorOf(ctx, connection.connector);
  return {
    key: budgetKey(connector, credentialsOf(connector, credentials)),
    windows: connector.budget(settingsOf(connector, connection)),
  };
}
