import { SyncError } from '@syncline/connector-kit';
import type { Connection } from '@syncline/store';
import { connectorOf, type EngineContext } from '../context.js';
import { openClient } from './open-client.js';

export type ConnectionTest =
  | { readonly ok: true; readonly roundTripMs: number; readonly sample: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly roundTripMs: number; readonly error: SyncError };

/** Asks the vendor who we are. Bounded in time; what goes wrong is the result, not an exception. */
export async function testConnection(
  ctx: EngineContext,
  connection: Connection,
  timeoutMs: number,
): Promise<ConnectionTest> {
  const started = performance.now();
  const elapsed = () => Math.round(performance.now() - started);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const connector = connectorOf(ctx, connection.connector);
    const client = await openClient(ctx, connector, connection, timeout, 'webhook');
    const sample = await connector.probe(client);
    return { ok: true, roundTripMs: elapsed(), sample };
  } catch (error) {
    if (error instanceof SyncError) return { ok: false, roundTripMs: elapsed(), error };
    if (!timeout.aborted) throw error;
    const late = new SyncError('UPSTREAM_TIMEOUT', `No answer within ${timeoutMs / 1000} s`);
    return { ok: false, roundTripMs: elapsed(), error: late };
  }
}
