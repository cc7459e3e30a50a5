import type { Connector, SyncSettings, VendorClient } from '@syncline/connector-kit';
import type { Connection } from '@syncline/store';
import type { EngineContext } from '../context.js';
import { surveyAccount } from './survey-account.js';

/**
 * The settings with what a survey has found, for whoever reads records beside the syncs. An account that turns out to be
 * another one than was synced until now is left to the next sync, which reads it as a whole: whatever is asked meanwhile
 * goes on from what is known of the old one, as a watermark does.
 *
 * Throws like `surveyAccount`.
 */
export function knownSettings(
  ctx: Pick<EngineContext, 'db' | 'log'>,
  connector: Connector,
  connection: Connection,
  client: VendorClient,
): Promise<SyncSettings> {
  return surveyAccount(ctx, connector, connection, client, { mode: 'incremental', pages: 1, cursor: undefined });
}
