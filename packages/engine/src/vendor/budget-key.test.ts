import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openShop } from '../../testing/shop.js';
import { budgetOf } from './budget-key.js';
import { openClient } from './open-client.js';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());

it("a connection's budget and circuit are found where its requests go", async () => {
  const { ctx, connector, connection: bare, close } = await openShop(bed);
  // A name that does not exist, anywhere: each try fails, but has taken its permit.
  const settings = { baseUrl: 'https://shop.invalid/', maxRetries: 2, backoffBaseMs: 1, circuitMaxFailures: 2 };
  const connection = { ...bare, settings };
  try {
    const client = await openClient(ctx, connector, connection, new AbortController().signal);
    await expect(client.get('orders')).rejects.toMatchObject({ code: 'UPSTREAM_UNREACHABLE', details: { tries: 2 } });
    const { key, windows } = await budgetOf(ctx, connection);
    expect(windows).toEqual([{ requests: 1000, seconds: 1 }]);
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(await ctx.road.budgetUse(key, [{ requests: 1000, seconds: 60 }])).toMatchObject([{ used: 2 }]);

    await expect(client.get('orders')).rejects.toMatchObject({ code: 'CIRCUIT_OPEN' });
    await ctx.road.closeCircuit(key, 'an operator');
    await expect(client.get('orders')).rejects.toMatchObject({ code: 'UPSTREAM_UNREACHABLE' });
    await ctx.road.openCircuit(key, 'an operator');
    await expect(client.get('orders')).rejects.toMatchObject({ code: 'CIRCUIT_OPEN' });
    expect(await ctx.road.circuit(key)).toMatchObject({ state: 'open', openedBy: 'operator', by: 'an operator' });
  } finally {
    await close();
  }
});
