import { expect, it } from 'vitest';
import { bearer } from './bearer.js';

it('a token goes with every request, beside what else the vendor wants to be told', () => {
  const auth = bearer<{ key: string }>({ token: ({ key }) => key, headers: { 'notion-version': '2025-09-03' } });
  const request = { method: 'GET', url: 'pages', headers: { accept: 'application/json' } } as const;
  expect(auth.authorize(request, { key: 'secret' }, undefined)).toEqual({
    ...request,
    headers: { accept: 'application/json', 'notion-version': '2025-09-03', authorization: 'Bearer secret' },
  });
  expect(auth.acquire).toBeUndefined();
  const answer = { headers: {}, body: '', vendorTime: undefined, elapsedMs: 0 };
  expect([401, 403, 200].map((status) => auth.isRejected({ ...answer, status }))).toEqual([true, false, false]);
});
