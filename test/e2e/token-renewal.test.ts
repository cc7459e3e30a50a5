import { SyncError } from '@syncline/connector-kit';
import { practicePanther } from '@syncline/connectors';
import { type Simulator, startSimulator } from '@syncline/connectors/practicepanther/simulator';
import { readSecrets } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openVendor } from '../contract/open-vendor.js';

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
async function openWorker(withRefreshToken = true) {
  const { clientId, clientSecret, refreshToken } = simulator.credentials;
  const credentials = { clientId, clientSecret, ...(withRefreshToken && { refreshToken }) };
  const open = await openVendor(bed, practicePanther, {
    baseUrl: simulator.url,
    credentials,
    settings: { rateLimitRequests: 100_000 },
  });
  closing.push(open.close);
  return open;
}

it('sixteen workers that need a token at once ask the vendor once; its refresh token rotates', async () => {
  const workers = await Promise.all(Array.from({ length: 16 }, () => openWorker()));
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

/** The guide asks for a token with client id and secret alone. The vendor documents no such grant. */
it('where client credentials are no grant, tokens rotate for as long as there are any; without one it is said so', async () => {
  simulator.setQuirks({ rejectClientCredentials: true });
  const { client, connection, db, vault } = await openWorker();
  const spent = new Set<unknown>([simulator.credentials.refreshToken]);
  for (let day = 1; day <= 4; day += 1) {
    expect((await client.get('users/me')).json).toHaveProperty('email');
    const { refreshToken } = (await readSecrets(db, vault, connection)).tokens ?? {};
    expect(spent).not.toContain(refreshToken);
    spent.add(refreshToken);
    simulator.expireTokens();
  }
  expect(simulator.state().refreshes).toBe(4);

  const failure = await (await openWorker(false)).client.get('users/me').catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'UPSTREAM_AUTH', details: { reason: 'unsupported_grant_type' } });
});
