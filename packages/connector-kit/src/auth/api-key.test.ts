import { expect, it } from 'vitest';
import { apiKey } from './api-key.js';

it('a key goes with every request, in the header that the vendor looks at', () => {
  const auth = apiKey<{ key: string }>({ header: 'x-api-key', key: ({ key }) => key });
  const request = { method: 'GET', url: 'merchants', headers: { accept: 'application/json' } } as const;
  expect(auth.authorize(request, { key: 'secret' }, undefined)).toEqual({
    ...request,
    headers: { accept: 'application/json', 'x-api-key': 'secret' },
  });
  expect(auth.acquire).toBeUndefined();
  const answer = { headers: {}, body: '', vendorTime: undefined, elapsedMs: 0 };
  expect([401, 403, 200].map((status) => auth.isRejected({ ...answer, status }))).toEqual([true, false, false]);
});
