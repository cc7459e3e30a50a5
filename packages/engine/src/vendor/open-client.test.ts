import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuthStrategy } from '@syncline/connector-kit';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openShop, type Shop } from '../../testing/shop.js';
import { changeConnection } from '../connections/change-connection.js';
import { openClient } from './open-client.js';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

/** The credentials themselves are sent, and there are no tokens to renew. */
const byKey: AuthStrategy<unknown> = {
  isFresh: () => true,
  authorize: (request) => request,
  isRejected: ({ status }) => status === 401,
};

/** A shop whose vendor refuses whatever comes, after it has done `meanwhile`. */
async function refusingShop(meanwhile: (shop: Shop) => Promise<unknown>): Promise<() => Promise<unknown>> {
  const vendor = createServer((_, response) => {
    meanwhile(shop).finally(() => response.writeHead(401).end());
  });
  await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(vendor.address() as AddressInfo).port}`;
  const shop = await openShop(bed, byKey, [address]);
  onTestFinished(async () => {
    await shop.close();
    vendor.close();
  });
  const connection = { ...shop.connection, settings: { baseUrl: `http://${address}/` } };
  return async () => {
    const client = await openClient(shop.ctx, shop.connector, connection, new AbortController().signal);
    return client.get('orders');
  };
}

describe('credentials that the vendor refuses', () => {
  it('say something about the connection', async () => {
    const ask = await refusingShop(async () => undefined);
    await expect(ask()).rejects.toMatchObject({ code: 'UPSTREAM_AUTH' });
  });

  it('say nothing about those that have replaced them', async () => {
    const ask = await refusingShop(({ ctx, connection: { organizationId, id } }) =>
      changeConnection(ctx, organizationId, id, { credentials: { key: 'new' } }, { actor: 'Ann' }),
    );
    await expect(ask()).rejects.toMatchObject({ code: 'CREDENTIALS_REPLACED', entry: { kind: 'transient' } });
    // Refused as well, and these are the ones that count.
    await expect(ask()).rejects.toMatchObject({ code: 'UPSTREAM_AUTH' });
  });
});
