import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminKey, awayContext } from '../../../testing/away-context.js';
import type { App } from '../../api-context.js';
import { createServer } from '../../create-server.js';

const ctx = awayContext();
let app: App;

beforeAll(async () => {
  app = await createServer(ctx);
});
afterAll(async () => {
  await app.close();
  await ctx.close();
});

function signIn(fields: Record<string, string>, headers: Record<string, string> = {}, remoteAddress = '127.0.0.1') {
  return app.inject({
    method: 'POST',
    url: '/login',
    remoteAddress,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(fields).toString(),
  });
}

test('the form has no script, is labelled and keeps where to go next, escaped', async () => {
  const { body, headers } = await app.inject('/login?next=%2Fdocs%3Fa%3D%22%3E%3Cscript%3E');
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(headers['cache-control']).toBe('no-store');
  expect(headers['content-security-policy']).toContain("script-src 'self'");
  expect(body).not.toContain('<script');
  expect(body).toContain('<label for="key">');
  expect(body).toContain('name="next" value="/docs?a=%22%3E%3Cscript%3E"');
});

test('the key opens a session that leads on', async () => {
  const response = await signIn({ key: adminKey, next: '/docs' });
  expect([response.statusCode, response.headers.location]).toEqual([303, '/docs']);
  const [session] = response.cookies;
  expect(session).toMatchObject({
    name: 'syncline_session',
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    maxAge: 43_200,
  });
  expect(session?.secure).toBeUndefined();
  const cookie = `syncline_session=${session?.value}`;
  expect((await app.inject({ url: '/openapi.json', headers: { cookie } })).statusCode).toBe(200);
  expect((await app.inject({ url: '/login', headers: { cookie } })).body).toContain('You are signed in');
});

test('behind https the cookie is for https only', async () => {
  // Of two proxies each has its word.
  for (const told of ['https', 'https, http', 'https,https']) {
    const response = await signIn({ key: adminKey }, { 'x-forwarded-proto': told });
    expect([told, response.cookies[0]?.secure]).toEqual([told, true]);
  }
});

test('nobody is led to another site', async () => {
  const response = await signIn({ key: adminKey, next: '//evil.example' });
  expect(response.headers.location).toBe('/admin/queues');
});

test('a wrong key, none, and no form at all give the form again, with the reason', async () => {
  const attempts: Record<string, string>[] = [{ key: 'wrong' }, {}];
  for (const fields of attempts) {
    const response = await signIn(fields);
    expect(response.statusCode).toBe(401);
    expect(response.body).toContain('role="alert"');
    expect(response.cookies).toEqual([]);
  }
  expect((await app.inject({ method: 'POST', url: '/login' })).statusCode).toBe(401);
});

test('attempts from other sites are not even counted', async () => {
  for (let i = 0; i < 12; i += 1) {
    expect((await signIn({ key: 'wrong' }, { 'sec-fetch-site': 'cross-site' }, '10.0.0.1')).statusCode).toBe(403);
  }
  expect((await signIn({ key: adminKey }, {}, '10.0.0.1')).statusCode).toBe(303);
});

test('after ten wrong keys the right one has to wait too, but only from that address', async () => {
  for (let i = 0; i < 10; i += 1) expect((await signIn({ key: 'wrong' }, {}, '10.0.0.2')).statusCode).toBe(401);
  const blocked = await signIn({ key: adminKey }, {}, '10.0.0.2');
  expect([blocked.statusCode, blocked.headers['retry-after']]).toEqual([429, '60']);
  expect((await signIn({ key: adminKey }, {}, '10.0.0.3')).statusCode).toBe(303);
});

test('signing out takes the cookie away, and only our own page may do it', async () => {
  const cookie = `syncline_session=${(await signIn({ key: adminKey })).cookies[0]?.value}`;
  const signOut = (headers: Record<string, string>) =>
    app.inject({ method: 'POST', url: '/logout', headers: { cookie, ...headers } });
  expect((await signOut({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
  const response = await signOut({ 'sec-fetch-site': 'same-origin' });
  expect([response.statusCode, response.headers.location]).toEqual([303, '/login']);
  expect(response.cookies[0]).toMatchObject({ name: 'syncline_session', value: '' });
});
