import { describe, expect, test } from 'vitest';
import { startVendor, type Vendor } from '../test-client.js';

interface Grant {
  access_token: string;
  refresh_token: string;
}

const refresh = ({ token }: Vendor, refresh_token: string): Promise<Response> =>
  token({ grant_type: 'refresh_token', refresh_token });
const granted = async (response: Promise<Response>): Promise<Grant> => (await (await response).json()) as Grant;
const me = ({ simulator }: Vendor, accessToken: string): Promise<Response> =>
  fetch(`${simulator.url}users/me`, { headers: { authorization: `Bearer ${accessToken}` } });

describe('authorization code', () => {
  test('redirects with a code, which buys tokens once', async () => {
    const vendor = await startVendor();
    const redirect_uri = 'http://127.0.0.1:9/callback?from=here';
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: 'pp-demo-client',
      redirect_uri,
      state: 'a b',
    });
    const redirect = await fetch(`${vendor.simulator.origin}/OAuth/Authorize?${query}`, { redirect: 'manual' });
    expect(redirect.status).toBe(302);
    const target = new URL(redirect.headers.get('location') ?? '');
    expect(target.searchParams.get('state')).toBe('a b');
    expect(target.searchParams.get('from')).toBe('here');
    const form = { grant_type: 'authorization_code', code: target.searchParams.get('code') ?? '', redirect_uri };
    const answer = await vendor.token(form);
    const body = (await answer.json()) as Grant;
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 86399,
      refresh_token: expect.any(String),
    });
    expect((await me(vendor, body.access_token)).status).toBe(200);
    expect((await vendor.token(form)).status).toBe(400);
  });

  test('refuses another client and a redirect that is no URL', async () => {
    const { simulator } = await startVendor();
    for (const query of [
      'response_type=code&client_id=other&redirect_uri=http://a.example',
      'response_type=code&client_id=pp-demo-client',
    ]) {
      expect((await fetch(`${simulator.origin}/oauth/authorize?${query}`, { redirect: 'manual' })).status).toBe(400);
    }
  });
});

describe('refresh', () => {
  test('rotates: the old token is spent', async () => {
    const vendor = await startVendor();
    const first = await granted(refresh(vendor, 'pp-demo-refresh'));
    const second = await granted(refresh(vendor, first.refresh_token));
    expect(second.refresh_token).not.toBe(first.refresh_token);
    for (const spent of ['pp-demo-refresh', first.refresh_token, 'ppr.0.9.forged']) {
      const refused = await refresh(vendor, spent);
      expect(refused.status).toBe(400);
      expect(await refused.json()).toEqual({ error: 'invalid_grant' });
    }
    expect((await me(vendor, first.access_token)).status).toBe(200);
    expect((await me(vendor, second.access_token)).status).toBe(200);
    expect(vendor.simulator.state().refreshes).toBe(2);
  });

  test('goes on with a stored token after the vendor was restarted', async () => {
    const before = await startVendor();
    const stored = await granted(refresh(before, 'pp-demo-refresh'));
    const after = await startVendor();
    expect((await refresh(after, stored.refresh_token)).status).toBe(200);
    expect((await refresh(after, 'pp-demo-refresh')).status).toBe(400);
  });

  test('can be taken back and given again', async () => {
    const vendor = await startVendor();
    await vendor.control('POST', 'expire-tokens', { revokeRefresh: true });
    expect((await refresh(vendor, 'pp-demo-refresh')).status).toBe(400);
    vendor.simulator.expireTokens({ revokeRefresh: false });
    expect((await refresh(vendor, 'pp-demo-refresh')).status).toBe(200);
  });
});

describe('token endpoint', () => {
  test('answers on its other spelling, and only to forms', async () => {
    const { simulator } = await startVendor();
    const fields = { grant_type: 'client_credentials', client_id: 'pp-demo-client', client_secret: 'pp-demo-secret' };
    const url = `${simulator.origin}/OAuth/Token`;
    const form = await fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
    expect(form.status).toBe(200);
    expect(await form.json()).not.toHaveProperty('refresh_token');
    const json = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
    expect(await json.json()).toEqual({ error: 'unsupported_grant_type' });
    expect((await fetch(url)).status).toBe(405);
  });

  test('refuses a wrong client, an unknown grant and, if told so, client credentials', async () => {
    const vendor = await startVendor();
    const wrong = await vendor.token({ grant_type: 'client_credentials', client_secret: 'wrong' });
    expect([wrong.status, await wrong.json()]).toEqual([400, { error: 'invalid_client' }]);
    expect((await vendor.token({ grant_type: 'password' })).status).toBe(400);
    vendor.simulator.setQuirks({ rejectClientCredentials: true });
    const refused = await vendor.token({ grant_type: 'client_credentials' });
    expect(await refused.json()).toEqual({ error: 'unsupported_grant_type' });
    expect((await refresh(vendor, 'pp-demo-refresh')).status).toBe(200);
  });
});

describe('access token', () => {
  test('dies with the vendor’s clock, and answers 400 or 401', async () => {
    const vendor = await startVendor({ tokenLifeSeconds: 60 });
    const { access_token } = await granted(refresh(vendor, 'pp-demo-refresh'));
    vendor.simulator.clock.stop(true);
    vendor.simulator.clock.advance(50);
    expect((await me(vendor, access_token)).status).toBe(200);
    vendor.simulator.clock.advance(11);
    const dead = await me(vendor, access_token);
    expect([dead.status, await dead.json()]).toEqual([400, { error: 'invalid_grant' }]);
    vendor.simulator.setQuirks({ expiredTokenStatus: 401 });
    expect((await me(vendor, access_token)).status).toBe(401);
  });

  test('can be expired at once; unknown and missing ones are refused too', async () => {
    const vendor = await startVendor({ expiredTokenStatus: 401 });
    const { access_token } = await granted(refresh(vendor, 'pp-demo-refresh'));
    await vendor.control('POST', 'expire-tokens');
    expect((await me(vendor, access_token)).status).toBe(401);
    expect((await me(vendor, 'nonsense')).status).toBe(401);
    expect((await fetch(`${vendor.simulator.url}users/me`)).status).toBe(401);
  });
});
