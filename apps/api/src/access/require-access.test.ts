import { openMetricsDoor } from '@syncline/service';
import type { RouteOptions } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminKey, awayContext, withKey } from '../../testing/away-context.js';
import type { App } from '../api-context.js';
import { bareServer } from '../bare-server.js';
import { createServer } from '../create-server.js';
import { makeApiKey } from './api-key-text.js';
import { createSessions, sessionCookie } from './session.js';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const ctx = {
  ...awayContext(),
  metricsDoor: await openMetricsDoor('token-of-prometheus', { service: 'api', connectors: [] }),
};
const routes: { method: Method; url: string; access: string | undefined }[] = [];
const open = new Set([
  ...['GET /healthz', 'GET /readyz', 'GET /login', 'POST /login', 'POST /api/v1/session', 'POST /api/v1/session/local'],
  // Signed by who calls; webhooks.test.ts.
  ...['POST /api/webhooks/:connector', 'POST /api/webhooks/:connector/:connection'],
  'POST /api/webhooks/:connector/:connection/:token',
]);
/** Plugins' routes get theirs by a hook of their scope, after ours has seen them. */
const declared: { verb: string; route: RouteOptions }[] = [];
let app: App;

beforeAll(async () => {
  const bare = bareServer(ctx);
  bare.addHook('onRoute', (route) => {
    for (const verb of [route.method].flat()) if (verb !== 'HEAD') declared.push({ verb, route });
  });
  app = await createServer(ctx, bare);
  await app.ready();
  for (const { verb, route } of declared) {
    routes.push({ method: verb as Method, url: route.url, access: route.config?.access });
  }
});
afterAll(async () => {
  await app.close();
  await ctx.close();
});

const cookie = (key = adminKey) => `${sessionCookie}=${createSessions(key).issue('platform', new Date()).token}`;

test('every route is closed to strangers, but for those that are meant to be open', async () => {
  expect(routes.length).toBeGreaterThan(40);
  const answered = new Set<string>();
  for (const { method, url } of routes) {
    const path = url.replace(/:\w+/g, 'x').replace('*', 'x.js');
    const { statusCode, headers } = await app.inject({ method, url: path, payload: method === 'GET' ? undefined : {} });
    const refused = statusCode === 401 && headers['www-authenticate'] === 'Bearer';
    const byLogin = method === 'POST' && url === '/login';
    if (!refused || byLogin) answered.add(`${method} ${url}`);
  }
  expect(answered).toEqual(open);
});

test('every route declares who may call it, and those of the queues are for the platform', () => {
  expect(routes.filter(({ access }) => access === undefined)).toEqual([]);
  const publicOnes = routes.filter(({ access }) => access === 'public').map(({ method, url }) => `${method} ${url}`);
  expect(new Set(publicOnes)).toEqual(open);
  const queues = routes.filter(({ url }) => url.startsWith('/admin/queues'));
  expect(queues.length).toBeGreaterThan(20);
  expect(new Set(queues.map(({ access }) => access))).toEqual(new Set(['platform']));
});

test.each([
  '/nowhere',
  '/docs/nowhere',
  '/admin/queues/api/nowhere',
  '/healthz/',
  '/HEALTHZ',
  '//healthz',
  '/healthz/../docs',
])('%s is closed, so that strangers cannot tell what there is', async (url) => {
  const { statusCode, json } = await app.inject(url);
  expect([statusCode, json().code]).toEqual([401, 'UNAUTHENTICATED']);
});

test.each([
  ['a wrong key', { authorization: 'Bearer wrong' }],
  ['another scheme', { authorization: `Basic ${adminKey}` }],
  ['the bare key', { authorization: adminKey }],
  ['a wrong key beside a good cookie', { authorization: 'Bearer wrong', cookie: cookie() }],
  ["another key's session", { cookie: cookie('another-admin-key-000000') }],
  ['rubbish as session', { cookie: `${sessionCookie}=1.2.3` }],
])('%s opens nothing', async (_what, headers) => {
  expect((await app.inject({ url: '/openapi.json', headers })).statusCode).toBe(401);
});

test('the admin key and a session open it', async () => {
  expect((await app.inject({ url: '/openapi.json', headers: withKey })).statusCode).toBe(200);
  expect((await app.inject({ url: '/openapi.json', headers: { cookie: cookie() } })).statusCode).toBe(200);
});

test.each([
  ['from nowhere', {}, 403],
  ['from another site', { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:80' }, 403],
  ['from another port of this host', { origin: 'http://localhost:3001' }, 403],
  ['from this host', { origin: 'http://localhost:80' }, 400],
  ['from this site, says the browser', { 'sec-fetch-site': 'same-origin' }, 400],
])('with a session, a change %s', async (_what, headers, status) => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/sync/trigger',
    payload: {},
    headers: { host: 'localhost:80', cookie: cookie(), ...headers },
  });
  // 400: past the door, and refused for its empty body.
  expect([response.statusCode, response.json().code]).toEqual([
    status,
    status === 403 ? 'FORBIDDEN' : 'VALIDATION_FAILED',
  ]);
});

test('with the key, a change may come from anywhere', async () => {
  const headers = { ...withKey, origin: 'https://elsewhere.example' };
  const response = await app.inject({ method: 'POST', url: '/api/sync/trigger', payload: {}, headers });
  expect(response.statusCode).toBe(400);
});

test('an address with too many wrong keys has to wait, with the right one too, and others have not', async () => {
  const patient = await createServer(ctx);
  const from = (remoteAddress: string, authorization: string) =>
    patient.inject({ url: '/openapi.json', remoteAddress, headers: { authorization } });
  for (let i = 0; i < 60; i += 1) expect((await from('192.0.2.1', `Bearer wrong-${i}`)).statusCode).toBe(401);
  const blocked = await from('192.0.2.1', withKey.authorization);
  expect([blocked.statusCode, blocked.json().code]).toEqual([429, 'TOO_MANY_REQUESTS']);
  expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(0);
  expect((await from('192.0.2.2', withKey.authorization)).statusCode).toBe(200);
  await patient.close();
});

test('a proxy is believed about the address where it is listed, and nobody else', async () => {
  const ask = async (trustedProxies: string[]) => {
    const server = await createServer({ ...ctx, trustedProxies });
    server.get('/test/address', async ({ ip }) => ({ ip }));
    const headers = { ...withKey, 'x-forwarded-for': '203.0.113.9, 192.0.2.7' };
    const { ip } = (await server.inject({ url: '/test/address', remoteAddress: '10.1.2.3', headers })).json();
    await server.close();
    return ip;
  };
  expect(await ask([])).toBe('10.1.2.3');
  expect(await ask(['192.168.0.0/16'])).toBe('10.1.2.3');
  expect(await ask(['10.0.0.0/8'])).toBe('192.0.2.7');
});

test('without Postgres keys cannot be checked, and that is no refusal', async () => {
  const key = { authorization: `Bearer ${makeApiKey().text}` };
  for (const headers of [key, { ...withKey, 'x-organization-id': 'somebody' }]) {
    const { statusCode, json } = await app.inject({ url: '/openapi.json', headers });
    expect([statusCode, json().code]).toEqual([503, 'DATABASE_UNAVAILABLE']);
  }
});

test('without Redis nobody is counted, and everybody is served', async () => {
  expect(await ctx.countRequest('key:x')).toBeUndefined();
});

test('browsers are led to the form, and from there back', async () => {
  const headers = { accept: 'text/html,application/xhtml+xml' };
  for (const url of ['/', '/docs', '/admin/queues/queue/a?status=failed']) {
    const response = await app.inject({ url, headers });
    expect([response.statusCode, response.headers.location]).toEqual([302, `/login?next=${encodeURIComponent(url)}`]);
  }
  expect((await app.inject({ url: '/api/sync/status', headers })).statusCode).toBe(401);
  expect((await app.inject({ method: 'POST', url: '/docs', headers })).statusCode).toBe(401);
});
