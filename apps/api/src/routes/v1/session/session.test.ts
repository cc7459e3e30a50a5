import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { promisify } from 'node:util';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEvents } from '../../../../testing/event-client.js';
import {
  audience,
  type IdentityProvider,
  issuer,
  startIdentityProvider,
} from '../../../../testing/identity-provider.js';
import { oneConnection, type RunningApi, runningApi } from '../../../../testing/running-api.js';
import { ask, makeTenant, type Tenant } from '../../../../testing/two-tenants.js';

const aMinute = 60;

let bed: TestBed;
let provider: IdentityProvider;
let api: RunningApi;
let north: Tenant;
let south: Tenant;

beforeAll(async () => {
  [bed, provider] = await Promise.all([createTestBed(), startIdentityProvider()]);
  api = await runningApi(bed, {
    ...{ ...oneConnection, SYNCLINE_API_RATE_LIMIT_PER_MINUTE: String(aMinute), SYNCLINE_LOCAL_SIGN_IN: 'true' },
    ...{ SYNCLINE_JWT_JWKS_URL: provider.jwksUrl, SYNCLINE_JWT_ISSUER: issuer, SYNCLINE_JWT_AUDIENCE: audience },
  });
  north = await makeTenant(bed, api, 'north');
  south = await makeTenant(bed, api, 'south');
});
afterAll(async () => {
  await api.stop();
  await Promise.all([bed.close(), provider.close()]);
});

const ours = { 'sec-fetch-site': 'same-origin' };
type Given = Record<string, string>;

async function send(method: string, path: string, headers: Given = {}, body?: object) {
  const response = await fetch(`${api.url}${path}`, {
    ...{ method, redirect: 'manual' },
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as any };
}

/** Signs a browser in: its cookie, and what it was told. */
async function signIn(key: string) {
  const { status, headers, body } = await send('POST', '/api/v1/session', ours, { key });
  expect(status).toBe(200);
  const [cookie = '', ...attributes] = headers.getSetCookie()[0]?.split('; ') ?? [];
  return { cookie, attributes, body };
}

async function makeKey(role: string, more: object = {}): Promise<{ id: string; key: string }> {
  const body = { name: `browser of ${role}`, role, ...more };
  return JSON.parse((await ask(api, north.keys.admin, '/api/v1/api-keys', { method: 'POST', body })).text);
}
const revoke = (id: string) => ask(api, north.keys.admin, `/api/v1/api-keys/${id}`, { method: 'DELETE' });
const northern = () => ({ id: north.organizationId, slug: north.slug, name: north.mark });

describe('a session of an API key', () => {
  it('has the role and the organization of its key, and a cookie that only this host sees', async () => {
    const { id, key } = await makeKey('viewer');
    const { cookie, attributes, body } = await signIn(key);
    // A second may have passed since.
    expect(attributes).toEqual([
      expect.stringMatching(/^Max-Age=43(200|1\d\d)$/),
      ...['Path=/', 'HttpOnly', 'SameSite=Strict'],
    ]);
    expect(body).toEqual({
      ...{ name: `browser session of API key browser of viewer (${id})`, role: 'viewer', via: 'session' },
      ...{ expiresAt: expect.any(String), organization: northern(), organizations: [northern()] },
    });
    const again = await send('GET', '/api/v1/session', { cookie });
    expect(again.body).toEqual(body);
    const { body: connections } = await send('GET', '/api/v1/connections', { cookie });
    expect(connections.data).toMatchObject([{ id: north.connectionId }]);
    for (const name of [south.organizationId, south.slug]) {
      const stranger = await send('GET', '/api/v1/connections', { cookie, 'x-organization-id': name });
      expect([stranger.status, stranger.body.code]).toEqual([404, 'ORGANIZATION_NOT_FOUND']);
    }
    expect((await send('GET', '/admin/queues', { cookie })).status).toBe(403);
    expect((await send('GET', '/docs/errors', { cookie })).status).toBe(200);
  });

  it('may change what its role may, from our own pages only, and is named in the audit log', async () => {
    const { id, key } = await makeKey('operator');
    const { cookie } = await signIn(key);
    const pause = `/api/v1/connections/${north.connectionId}/pause`;
    const elsewhere: Given[] = [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: api.url },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ];
    for (const headers of elsewhere) {
      for (const [method, path] of [
        ['POST', pause],
        ['DELETE', '/api/v1/session'],
      ] as const) {
        const { status, body } = await send(method, path, { cookie, ...headers });
        expect([method, headers, status, body.code]).toEqual([method, headers, 403, 'FORBIDDEN']);
      }
    }
    expect((await send('POST', pause, { cookie, ...ours })).body.status).toBe('paused');
    expect((await send('POST', pause.replace('pause', 'resume'), { cookie, origin: api.url })).status).toBe(200);
    expect((await send('POST', '/api/v1/api-keys', { cookie, ...ours }, { name: 'x', role: 'viewer' })).status).toBe(
      403,
    );
    const { text } = await ask(api, north.keys.viewer, '/api/v1/audit?limit=1');
    expect(JSON.parse(text).data).toMatchObject([
      { action: 'connection.resume', actor: `browser session of API key browser of operator (${id})` },
    ]);
  });

  it('ends with its key: when that is revoked, and when it expires', async () => {
    const { id, key } = await makeKey('viewer');
    const { cookie } = await signIn(key);
    expect((await send('GET', '/api/v1/session', { cookie })).status).toBe(200);
    await revoke(id);
    const over = await send('GET', '/api/v1/session', { cookie });
    expect([over.status, over.body.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect((await send('POST', '/api/v1/session', ours, { key })).status).toBe(401);

    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const brief = await makeKey('viewer', { expiresAt });
    const session = await signIn(brief.key);
    expect(Math.abs(Date.parse(session.body.expiresAt) - Date.parse(expiresAt))).toBeLessThanOrEqual(1_000);
    expect(session.attributes[0]).toMatch(/^Max-Age=3[56]\d\d$/);
    expect((await send('GET', '/api/v1/session', { cookie: session.cookie })).status).toBe(200);
    await sql`update api_keys set expires_at = now() where id = ${brief.id}`.execute(bed.db);
    expect((await send('GET', '/api/v1/session', { cookie: session.cookie })).status).toBe(401);
  });

  it('follows a sync with the limits of its key, which counts both', async () => {
    const { id, key } = await makeKey('viewer');
    const { cookie } = await signIn(key);
    const left = async (headers: Given) =>
      Number((await send('GET', '/api/v1/connections', headers)).headers.get('ratelimit-remaining'));
    const before = await left({ cookie });
    expect(await left({ authorization: `Bearer ${key}` })).toBe(before - 1);
    await eventually('its use to be noted', async () => {
      const { rows } = await sql`select 1 from api_keys where id = ${id} and last_used_at is not null`.execute(bed.db);
      return rows.length === 1;
    });
    const [, jobId] = north.ids;
    const stream = await openEvents(`${api.url}/api/v1/sync/progress/${jobId}/stream`, { cookie });
    expect(stream.status).toBe(200);
    stream.close();
  });
});

describe('a session of the platform', () => {
  it('is for every organization, and acts for the one that X-Organization-ID names', async () => {
    const { cookie, body } = await signIn(bed.adminKey);
    expect(body).toMatchObject({ name: 'browser session', role: 'platform', via: 'session', organizations: 'all' });
    expect(body.organization).toMatchObject({ slug: 'default' });
    for (const { slug, connectionId, organizationId } of [north, south]) {
      const headers = { cookie, 'x-organization-id': slug };
      expect((await send('GET', '/api/v1/session', headers)).body.organization).toMatchObject({ id: organizationId });
      expect((await send('GET', '/api/v1/connections', headers)).body.data).toMatchObject([{ id: connectionId }]);
      const path = `/api/v1/connections/${connectionId}/pause`;
      expect((await send('POST', path, headers)).status).toBe(403);
      expect((await send('POST', path, { ...headers, ...ours })).status).toBe(200);
    }
    expect((await send('GET', '/admin/queues', { cookie })).status).toBe(200);
  });

  it('ends in the browser that signs out', async () => {
    const { cookie } = await signIn(bed.adminKey);
    const { status, headers, body } = await send('DELETE', '/api/v1/session', { cookie, ...ours });
    expect([status, body]).toEqual([204, '']);
    expect(headers.getSetCookie()[0]).toMatch(/^syncline_session=; .*Expires=Thu, 01 Jan 1970/);
  });
});

describe('signing in', () => {
  it('takes a key of ours, or a token of the provider, in JSON, and nothing else', async () => {
    const last = north.keys.viewer.at(-1) === 'A' ? 'B' : 'A';
    const foreign = await provider.sign({ org_id: north.externalId, role: 'admin', aud: 'another program' });
    for (const key of ['wrong', `${north.keys.viewer.slice(0, -1)}${last}`, foreign]) {
      const { status, body, headers } = await send('POST', '/api/v1/session', ours, { key });
      expect([status, body.code, headers.getSetCookie()]).toEqual([401, 'UNAUTHENTICATED', []]);
    }
    const useless = await send('POST', '/api/v1/session', ours, { key: await provider.sign({}) });
    expect([useless.status, useless.body.code, useless.headers.getSetCookie()]).toEqual([403, 'FORBIDDEN', []]);
    for (const body of [{}, { key: '' }, { key: 7 }, { key: 'x'.repeat(16_385) }, { key: 'x', role: 'admin' }]) {
      expect((await send('POST', '/api/v1/session', ours, body)).status).toBe(400);
    }
    const form = new URLSearchParams({ key: bed.adminKey });
    const posted = await fetch(`${api.url}/api/v1/session`, { method: 'POST', body: form, headers: ours });
    expect([posted.status, posted.headers.getSetCookie()]).toEqual([400, []]);
  });

  it('by a page of another site is refused, whatever key it has: it would be its session', async () => {
    const elsewhere: Given[] = [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }];
    for (const headers of elsewhere) {
      const { status, headers: told } = await send('POST', '/api/v1/session', headers, { key: bed.adminKey });
      expect([status, told.getSetCookie()]).toEqual([403, []]);
    }
  });

  it('is for those who bring a key or a token no session, but tells them who they are', async () => {
    const bearer = (key: string) => send('GET', '/api/v1/session', { authorization: `Bearer ${key}` });
    expect((await bearer(bed.adminKey)).body).toMatchObject({ role: 'platform', via: 'key', expiresAt: null });
    expect((await bearer(north.keys.viewer)).body).toMatchObject({ via: 'key', organization: northern() });
    const both = { org_id: [north.externalId, south.externalId], role: 'operator' };
    const { body } = await bearer(await provider.sign({ ...both, exp: 2_000_000_000 }));
    expect(body).toMatchObject({ name: 'token of user_1', via: 'token', expiresAt: '2033-05-18T03:33:20.000Z' });
    expect([body.organization, body.organizations.length]).toEqual([null, 2]);
    expect((await send('GET', '/api/v1/session')).status).toBe(401);
  });

  it('waits after ten wrong keys, also in the form without scripts', async () => {
    for (let i = 0; i < 10; i += 1) await send('POST', '/api/v1/session', ours, { key: `wrong ${i}` });
    const blocked = await send('POST', '/api/v1/session', ours, { key: bed.adminKey });
    expect([blocked.status, blocked.body.code]).toEqual([429, 'TOO_MANY_REQUESTS']);
    expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0);
    const body = new URLSearchParams({ key: bed.adminKey });
    expect((await fetch(`${api.url}/login`, { method: 'POST', body })).status).toBe(429);
  });
});

describe('the browser on this machine', () => {
  const at = () => new URL(api.url).host;
  const page = (more: Given = {}): Given => ({ host: at(), origin: `http://${at()}`, ...ours, ...more });

  /** By the plainest client, because others set headers of their own. */
  async function local(headers: Given, more: RequestOptions = {}, url = api.url) {
    const { hostname, port } = new URL(url);
    const path = '/api/v1/session/local';
    const request = httpRequest({ hostname, port, path, method: 'POST', headers, ...more }).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    for await (const part of response.setEncoding('utf8')) text += part;
    return { status: response.statusCode, body: JSON.parse(text), cookies: response.headers['set-cookie'] ?? [] };
  }

  it('is the platform without a key', async () => {
    const { status, body, cookies } = await local(page());
    expect(status).toBe(200);
    expect(body).toMatchObject({ role: 'platform', via: 'session', organizations: 'all' });
    expect(body.name).toBe('browser session on this machine');
    const cookie = cookies[0]?.split('; ')[0] ?? '';
    expect((await send('GET', '/api/v1/session', { cookie })).body).toEqual(body);
    // Also with the same keys, where others come in: the same database, served to a network.
    const other = await runningApi(bed, { SYNCLINE_LOCAL_SIGN_IN: 'true', HOST: '0.0.0.0' });
    const { port } = new URL(other.url);
    const carried = await fetch(`http://127.0.0.1:${port}/api/v1/session`, { headers: { cookie } });
    await other.stop();
    expect(carried.status).toBe(401);
  });

  it.each<[string, () => Given]>([
    [
      'a site whose name was bound to this machine',
      () => page({ host: 'evil.example', origin: 'http://evil.example' }),
    ],
    ['a page of another program here', () => page({ origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' })],
    ['a form of another site', () => page({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })],
    ['what came through a proxy', () => page({ 'x-forwarded-for': '127.0.0.1' })],
    ['what is no browser', () => ({ host: at() })],
  ])('is not %s: there is nothing here for it', async (_what, headers) => {
    const { status, body, cookies } = await local(headers());
    expect([status, body.code, cookies]).toEqual([404, 'NOT_FOUND', []]);
  });

  // Whoever runs the tests as root can be somebody else as well.
  it.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
    "is nobody else's who works on this machine, with the cookie neither",
    async () => {
      const cookie = (await local(page())).cookies[0]?.split('; ')[0] ?? '';
      const asSomebodyElse = async (method: string, path: string, headers: Given) => {
        const asked = JSON.stringify([`${api.url}${path}`, { method, headers }]);
        const code = `fetch(...${asked}).then(({ status }) => process.stdout.write(String(status)))`;
        const { stdout } = await promisify(execFile)(process.execPath, ['-e', code], { uid: 65_534, cwd: '/' });
        return Number(stdout);
      };
      expect(await asSomebodyElse('POST', '/api/v1/session/local', page())).toBe(404);
      expect(await asSomebodyElse('GET', '/api/v1/session', { cookie })).toBe(401);
      expect((await send('GET', '/api/v1/session', { cookie })).status).toBe(200);
    },
  );

  it.each([
    ['was not asked for', {}],
    ['is reached from elsewhere as well', { SYNCLINE_LOCAL_SIGN_IN: 'true', HOST: '0.0.0.0' }],
    ['has proxies before it', { SYNCLINE_LOCAL_SIGN_IN: 'true', SYNCLINE_TRUSTED_PROXIES: '10.0.0.0/8' }],
  ])('needs a key where this %s', async (_what, variables) => {
    const other = await runningApi(bed, variables);
    const host = `127.0.0.1:${new URL(other.url).port}`;
    const { status, cookies } = await local(page({ host, origin: `http://${host}` }), {}, `http://${host}`);
    await other.stop();
    expect([status, cookies]).toEqual([404, []]);
  });
});
