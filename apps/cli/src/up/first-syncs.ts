import { randomUUID } from 'node:crypto';
import { isSyncError } from '@syncline/connector-kit';
import { connectors } from '@syncline/connectors';
import { startSync } from '@syncline/engine';
import { openFlows, openRedis, type RedisTls } from '@syncline/queue';
import { createLog } from '@syncline/service';
import { type Connection, type Db, ensureOrganization, listConnections, listJobs } from '@syncline/store';
import { withDatabase } from '../with-database.js';

export interface FirstSyncsOptions {
  readonly databaseUrl: string;
  readonly schema: string | undefined;
  readonly redisUrl: string;
  readonly redisTls: RedisTls;
  readonly redisPrefix: string;
}

export type FirstSync = { readonly vendor: string; readonly connector: string } & (
  | { readonly jobId: string; readonly syncType: 'full' | 'incremental' }
  | { readonly refusal: string }
);

/**
 * Starts a sync of each connection that the environment describes: a full one where there was none yet, else what is
 * new, or what is running already. A vendor with a history has a quick one, and what was before comes by itself. One that cannot be started says why, and holds up no other.
 */
export async function startFirstSyncs(options: FirstSyncsOptions): Promise<FirstSync[]> {
  const { databaseUrl, schema, redisUrl, redisTls: tls, redisPrefix } = options;
  const onError = () => undefined;
  const redis = openRedis({ redisUrl, tls, failFast: true, onError });
  const flows = openFlows(redis, redisPrefix, onError);
  try {
    return await withDatabase({ databaseUrl, schema, applicationName: 'syncline up' }, async (db) => {
      const ctx = { db, flows, connectors, log: createLog('up', 'silent', randomUUID()) };
      const organizationId = await ensureOrganization(db, 'default', 'Default organization');
      const connections = await listConnections(db, organizationId);
      const described = connections.filter(({ fromEnvironment }) => fromEnvironment);
      return await Promise.all(described.map((connection) => startOne(ctx, connection)));
    });
  } finally {
    await flows.close();
    redis.disconnect();
  }
}

async function startOne(ctx: Parameters<typeof startSync>[0], connection: Connection): Promise<FirstSync> {
  const { connector } = connection;
  const declared = connectors.find(({ id }) => id === connector);
  const vendor = declared?.displayName ?? connector;
  const isWhole = declared?.history === undefined && !(await wasSynced(ctx.db, connection));
  const syncType = isWhole ? 'full' : 'incremental';
  try {
    const request = { syncType, mode: syncType, entities: [], trigger: 'manual', triggeredBy: null } as const;
    const { jobId } = await startSync(ctx, connection, request);
    return { vendor, connector, syncType, jobId };
  } catch (error) {
    if (!isSyncError(error)) throw error;
    const { runningJobId } = error.details;
    if (typeof runningJobId === 'string') return { vendor, connector, syncType, jobId: runningJobId };
    return { vendor, connector, refusal: `${error.message}. ${error.entry.hint}` };
  }
}

async function wasSynced(db: Db, { organizationId, id: connectionId }: Connection): Promise<boolean> {
  return (await listJobs(db, organizationId, { connectionId }, { limit: 1, offset: 0 })).length > 0;
}
