import { expect, it } from 'vitest';
import { basic } from './basic.js';

const request = { method: 'GET', url: 'patients', headers: { accept: 'application/json' } } as const;

it('the credentials go with every request, and there is nothing to renew', () => {
  const auth = basic<{ key: string }>({ user: ({ key }) => key });
  expect(auth.isFresh(undefined, new Date())).toBe(true);
  expect(auth.acquire).toBeUndefined();
  const { headers } = auth.authorize(request, { key: 'abc-au1' }, undefined);
  expect(headers).toEqual({ accept: 'application/json', authorization: 'Basic YWJjLWF1MTo=' });
});

it('characters beyond Latin-1 are sent as UTF-8', () => {
  const auth = basic<object>({ user: () => 'žena', password: () => 'pass€' });
  const { headers } = auth.authorize(request, {}, undefined);
  const sent = headers?.['authorization']?.slice('Basic '.length) ?? '';
  expect(Buffer.from(sent, 'base64').toString()).toBe('žena:pass€');
});

it('a connector says who is calling, and what a refusal looks like', () => {
  const auth = basic<{ mail: string }>({
    user: () => 'u',
    headers: ({ mail }) => ({ 'user-agent': `Syncline (${mail})` }),
    isRejected: ({ status }) => status === 418,
  });
  expect(auth.authorize(request, { mail: 'a@b.example' }, undefined).headers).toMatchObject({
    'user-agent': 'Syncline (a@b.example)',
  });
  const answer = { headers: {}, body: '', vendorTime: undefined, elapsedMs: 1 };
  expect([418, 401].map((status) => auth.isRejected({ ...answer, status }))).toEqual([true, false]);
});
