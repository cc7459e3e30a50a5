import { randomUUID } from 'node:crypto';
import type { Connector, VendorClient } from '@syncline/connector-kit';
import { connectors } from '@syncline/connectors';
import { type EngineContext, openClient } from '@syncline/engine';
import { createRoad } from '@syncline/http';
import {
  type Connection,
  createVault,
  type Db,
  ensureConnection,
  ensureOrganization,
  openDatabase,
  type Vault,
} from '@syncline/store';
import type { TestBed } from '@syncline/testing';
import { Redis } from 'ioredis';

export interface VendorAccess {
  readonly baseUrl: string;
  readonly credentials: unknown;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A connector's client over the real road, with pools of its own, as if it were a worker's. */
export interface OpenVendor {
  readonly client: VendorClient;
  readonly connection: Connection;
  readonly db: Db;
  readonly vault: Vault;
  close(): Promise<void>;
}

export async function openVendor(bed: TestBed, connector: Connector, access: VendorAccess): Promise<OpenVendor> {
  const redis = new Redis(bed.redisUrl);
  const db = openDatabase({
    databaseUrl: bed.databaseUrl,
    applicationName: 'test',
    poolSize: 2,
    onError: () => undefined,
  });
  const vault = createVault([bed.encryptionKey]);
  const egressAllow = [new URL(access.baseUrl).host];
  const road = createRoad({ redis, keyPrefix: bed.prefix, egressAllow, bootId: randomUUID() });
  const organizationId = await ensureOrganization(db, 'default', 'Default');
  const connection = await ensureConnection(db, vault, {
    organizationId,
    connector: connector.id,
    name: 'environment',
    credentials: access.credentials,
    settings: { baseUrl: access.baseUrl, ...access.settings },
  });
  // The client needs no queues, and tells its log little.
  const ctx = { db, vault, road, connectors, log: { info: () => undefined } } as unknown as EngineContext;
  return {
    connection,
    db,
    vault,
    client: await openClient(ctx, connector, connection, new AbortController().signal),
    close: async () => {
      await road.close();
      await db.destroy();
      redis.disconnect();
    },
  };
}
