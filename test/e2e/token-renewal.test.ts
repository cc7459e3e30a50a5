import { randomUUID } from 'node:crypto';
import { SyncError } from '@syncline/connector-kit';
import { connectors, practicePanther } from '@syncline/connectors';
import { type Simulator, startSimulator } from '@syncline/connectors/practicepanther/simulator';
import { openClient } from '@syncline/engine';
import { createRoad } from '@syncline/http';
import { createVault, ensureConnection, ensureOrganization, openDatabase, readSecrets } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it } from 'vitest';

let bed: TestBed;
let simulator: Simulator;
let closing: (() => Promise<unknown>)[];

beforeEach(async () => {
  bed = await createTestBed();
  simulator = await startSimulator({ contacts: 50 });
  closing = [() => bed.close(), () => simulator.close()];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
});

/** A worker's own pools and road, as if it were a process of its own. */
async function openWorker() {
  const redis = new Redis(bed.redisUrl);
  const db = openDatabase({
    databaseUrl: bed.databaseUrl,
    applicationName: 'test',
    poolSize: 2,
    onError: () => undefined,
  });
  const vault = createVault([bed.encryptionKey]);
  const egressAllow = [new URL(simulator.url).host];
  const road = createRoad({ redis, keyPrefix: bed.prefix, egressAllow, bootId: randomUUID() });
  const organizationId = await ensureOrganization(db, 'default', 'Default');
  const { clientId, clientSecret, refreshToken } = simulator.credentials;
  const connection = await ensureConnection(db, vault, {
    organizationId,
    connector: practicePanther.id,
    name: 'environment',
    credentials: { clientId, clientSecret, refreshToken },
    settings: { baseUrl: simulator.url, rateLimitRequests: 100_000 },
  });
  closing.push(async () => {
    await road.close();
    await db.destroy();
    redis.disconnect();
  });
  const ctx = { db, vault, road, connectors, log: { info: () => undefined } } as unknown as Parameters<
    typeof openClient
  >[0];
  return {
    connection,
    db,
    vault,
    client: await openClient(ctx, practicePanther, connection, new AbortController().signal),
  };
}

it('sixteen workers that need a token at once ask the vendor once; its refresh token rotates', async () => {
  const workers = await Promise.all(Array.from({ length: 16 }, openWorker));
  const answers = await Promise.all(workers.map(({ client }) => client.get('users/me')));
  expect(answers).toHaveLength(16);
  expect(simulator.state().refreshes).toBe(1);

  simulator.expireTokens();
  await Promise.all(workers.map(({ client }) => client.get('users/me')));
  expect(simulator.state().refreshes).toBe(2);
});

it('a refused token is renewed although it looks fresh, and the request is answered', async () => {
  const { client } = await openWorker();
  await client.get('users/me');
  simulator.setQuirks({ expiredTokenStatus: 401 });
  simulator.expireTokens();
  expect((await client.get('users/me')).json).toHaveProperty('email');
});

it('revoked access is said so, once, and the stored tokens stay', async () => {
  const { client, connection, db, vault } = await openWorker();
  await client.get('users/me');
  simulator.expireTokens({ revokeRefresh: true });
  const failure = await client.get('users/me').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(SyncError);
  expect((failure as SyncError).code).toBe('UPSTREAM_AUTH');
  expect((await readSecrets(db, vault, connection)).tokens?.refreshToken).toBeDefined();
});
