import { describe, expect, it } from 'vitest';
import { catalogue, type ErrorCode } from '../errors/catalogue.js';
import { SyncError } from '../errors/sync-error.js';
import type { Send, VendorRequest } from '../transport.js';
import { type OAuth2Credentials, oauth2 } from './oauth2.js';

const now = new Date('2025-06-02T12:00:00Z');
const client = { clientId: 'the-client', clientSecret: 'S3CRET' };
const granted = { access_token: 'at-2', token_type: 'bearer', expires_in: 86_399, refresh_token: 'rt-2' };

const auth = oauth2<OAuth2Credentials>({
  tokenUrl: '/oauth/token',
  marginSeconds: 300,
  isRejected: (response) => response.status === 401,
});

/** A token endpoint that gives one answer, and remembers what it was asked. */
function endpoint(status: number, body: unknown) {
  const asked: VendorRequest[] = [];
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const send: Send = async (request) => {
    asked.push(request);
    return { status, headers: {}, body: text, vendorTime: undefined, elapsedMs: 1 };
  };
  return { send, asked };
}

async function refusal(status: number, body: unknown): Promise<SyncError> {
  const credentials = { ...client, refreshToken: 'rt-1' };
  const error: unknown = await auth.acquire(endpoint(status, body).send, credentials, undefined, now).catch((e) => e);
  if (error instanceof SyncError) return error;
  throw new Error(`no SyncError: ${error}`);
}

describe('a token', () => {
  const expiringIn = (seconds: number) => ({
    accessToken: 'at',
    expiresAt: new Date(now.getTime() + seconds * 1000).toISOString(),
  });

  it('is fresh until the margin before its end', () => {
    expect(auth.isFresh(expiringIn(301), now)).toBe(true);
    expect(auth.isFresh(expiringIn(300), now)).toBe(false);
    expect(auth.isFresh(expiringIn(-1), now)).toBe(false);
    expect(auth.isFresh(undefined, now)).toBe(false);
  });

  it('goes along as a bearer, beside what the request has already', () => {
    const request: VendorRequest = { method: 'GET', url: 'users/me', headers: { accept: 'application/json' } };
    expect(auth.authorize(request, client, expiringIn(1000))).toEqual({
      ...request,
      headers: { accept: 'application/json', authorization: 'Bearer at' },
    });
  });
});

describe('a grant', () => {
  it('is asked for with the refresh token, where there is one', async () => {
    const { send, asked } = endpoint(200, granted);
    const tokens = await auth.acquire(send, { ...client, refreshToken: 'rt-1' }, undefined, now);
    expect(asked).toMatchObject([
      {
        method: 'POST',
        url: '/oauth/token',
        form: {
          grant_type: 'refresh_token',
          refresh_token: 'rt-1',
          client_id: 'the-client',
          client_secret: 'S3CRET',
        },
      },
    ]);
    expect(tokens).toEqual({ accessToken: 'at-2', refreshToken: 'rt-2', expiresAt: '2025-06-03T11:59:59.000Z' });
  });

  it('uses the rotated refresh token, not the one it all began with', async () => {
    const { send, asked } = endpoint(200, granted);
    const held = { accessToken: 'at-1', expiresAt: now.toISOString(), refreshToken: 'rt-rotated' };
    await auth.acquire(send, { ...client, refreshToken: 'rt-1' }, held, now);
    expect(asked[0]?.form).toMatchObject({ refresh_token: 'rt-rotated' });
  });

  it('keeps the refresh token when the vendor does not rotate it', async () => {
    const { send } = endpoint(200, { access_token: 'at-2' });
    expect(await auth.acquire(send, { ...client, refreshToken: 'rt-1' }, undefined, now)).toEqual({
      accessToken: 'at-2',
      refreshToken: 'rt-1',
      expiresAt: '2025-06-02T13:00:00.000Z',
    });
  });

  it('is asked for as the client itself, where there is no refresh token', async () => {
    const { send, asked } = endpoint(200, { access_token: 'at-2', expires_in: '60' });
    const held = { accessToken: 'at-1', expiresAt: now.toISOString(), refreshToken: 'rt-of-old' };
    const tokens = await auth.acquire(send, client, held, now);
    expect(asked[0]?.form).toEqual({
      grant_type: 'client_credentials',
      client_id: 'the-client',
      client_secret: 'S3CRET',
    });
    expect(tokens).toEqual({ accessToken: 'at-2', refreshToken: undefined, expiresAt: '2025-06-02T12:01:00.000Z' });
  });

  it('that never seems to end is kept all the same: the refresh token behind it has rotated', async () => {
    const { send } = endpoint(200, { ...granted, expires_in: 1e20 });
    const tokens = await auth.acquire(send, { ...client, refreshToken: 'rt-1' }, undefined, now);
    expect(tokens.refreshToken).toBe('rt-2');
    expect(auth.isFresh(tokens, now)).toBe(true);
  });
});

describe('no grant', () => {
  it.each([
    [400, { error: 'invalid_grant' }, 'invalid_grant'],
    [401, { error: 'invalid_client' }, 'invalid_client'],
    [403, 'Forbidden', 'status 403'],
    [400, { error: 'the secret is S3CRET' }, 'status 400'],
  ])('%i is the vendor refusing the credentials', async (status, body, reason) => {
    const error = await refusal(status, body);
    expect(error).toMatchObject({ code: 'UPSTREAM_AUTH', details: { status, reason } });
  });

  it.each([
    [200, '<html>Sign in</html>'],
    [200, ''],
    [200, 'null'],
    [200, {}],
    [200, { access_token: '' }],
    [200, { access_token: 'at', expires_in: -1 }],
    [404, 'Not Found'],
    [404, granted],
    [302, ''],
  ])('%i with nonsense says nothing about the credentials, and may be tried again: %j', async (status, body) => {
    const error = await refusal(status, body);
    expect(error).toMatchObject({ code: 'UPSTREAM_BAD_BODY', details: { status } });
    expect(catalogue[error.code satisfies ErrorCode].kind).toBe('transient');
  });

  it.each([
    [400, { error: 'invalid_grant', error_description: 'rt-1 of the-client with S3CRET' }],
    [200, 'rt-1 S3CRET the-client'],
    [500, { refresh_token: 'rt-1', client_secret: 'S3CRET' }],
  ])('%i never lets a secret into the error', async (status, body) => {
    const error = await refusal(status, body);
    const seen = JSON.stringify([error.message, error.details, error.stack, String(error.cause)]);
    for (const secret of ['S3CRET', 'rt-1']) expect(seen).not.toContain(secret);
  });
});
