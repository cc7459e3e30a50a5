import { expect, test } from 'vitest';
import { startVendor } from '../test-client.js';

const quota = { requests: 3, windowSeconds: 60, retryAfter: 'seconds' } as const;

test('answers 429 above the quota until the window has slid on by the vendor’s clock', async () => {
  const { simulator, get } = await startVendor({ quirks: { quota } });
  simulator.clock.stop(true);
  await get('users/me');
  simulator.clock.advance(20);
  for (const _again of [2, 3]) expect((await get('users/me')).status).toBe(200);
  const refused = await get('users/me');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '40']);
  simulator.clock.advance(39.9);
  expect((await get('users/me')).status).toBe(429);
  simulator.clock.advance(0.1);
  expect((await get('users/me')).status).toBe(200);
  expect((await get('users/me')).status).toBe(429);
  expect(simulator.state().quotaRefused).toBe(3);
});

test('does not count the token endpoint', async () => {
  const { token, get } = await startVendor({ quirks: { quota: { ...quota, requests: 1 } } });
  for (const _again of [1, 2, 3]) expect((await token({ grant_type: 'client_credentials' })).status).toBe(200);
  expect((await get('users/me')).status).toBe(200);
});

test.each([
  ['date', 'Mon, 01 Jun 2026 00:01:00 GMT'],
  ['missing', null],
  ['zero', '0'],
  ['negative', '-30'],
  ['garbage', 'abc'],
  ['huge', '1000000000'],
] as const)('says Retry-After as %s', async (retryAfter, header) => {
  const { simulator, get } = await startVendor({ quirks: { quota: { ...quota, requests: 1, retryAfter } } });
  simulator.clock.stop(true);
  simulator.clock.set(Date.UTC(2026, 5, 1));
  await get('users/me');
  const refused = await get('users/me');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, header]);
});

test('can be switched while running', async () => {
  const { control, get } = await startVendor();
  await control('PUT', 'quirks', { quota: { requests: 1, windowSeconds: 10 } });
  await get('users/me');
  expect((await get('users/me')).status).toBe(429);
  await control('PUT', 'quirks', { quota: null });
  expect((await get('users/me')).status).toBe(200);
});
