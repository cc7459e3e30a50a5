import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminKey, awayContext, withKey } from '../../testing/away-context.js';
import type { App } from '../api-context.js';
import { createServer } from '../create-server.js';
import { findDashboard } from './find-dashboard.js';

const script = 'document.title = "Syncline";\n'.repeat(100);
const html =
  '<!doctype html><title>Syncline</title><script type="module" src="/app/assets/index-C0ffee00.js"></script>';

const ctx = awayContext();
let parent: string;
let folder: string;
let app: App;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'dashboard-'));
  folder = join(parent, 'dist');
  await mkdir(join(folder, 'assets'), { recursive: true });
  const asset = join(folder, 'assets', 'index-C0ffee00.js');
  await Promise.all([
    writeFile(join(parent, 'secret.js'), 'secret'),
    writeFile(join(folder, 'secret.json'), 'secret'),
    writeFile(join(folder, 'index.html'), html),
    writeFile(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>'),
    writeFile(asset, script),
    writeFile(`${asset}.br`, brotliCompressSync(script)),
    writeFile(`${asset}.gz`, gzipSync(script)),
    writeFile(join(folder, 'assets', 'plain-00000000.css'), 'a{}'),
  ]);
  app = await createServer({ ...ctx, dashboardFolder: findDashboard(folder) });
});
afterAll(async () => {
  await app.close();
  await ctx.close();
  await rm(parent, { recursive: true });
});

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });

describe('the dashboard', () => {
  it('is its page for every path that is no asset, for strangers too, and never kept', async () => {
    for (const url of ['/app/', '/app/sign-in?next=%2Fdocs', '/app/connections/1/entities', '/app/a.b/c']) {
      const { statusCode, body, headers } = await get(url);
      expect([url, statusCode, body]).toEqual([url, 200, html]);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(headers['cache-control']).toBe('no-store');
    }
    const bare = await get('/app');
    expect([bare.statusCode, bare.headers.location]).toEqual([302, '/app/']);
    expect((await app.inject({ method: 'HEAD', url: '/app/sign-in' })).statusCode).toBe(200);
  });

  it('has assets that are kept for ever, compressed as the browser likes it', async () => {
    const url = '/app/assets/index-C0ffee00.js';
    for (const [accepted, encoding] of [
      ['gzip, deflate, br', 'br'],
      ['gzip', 'gzip'],
      ['identity', undefined],
    ] as const) {
      const { statusCode, headers, rawPayload } = await get(url, { 'accept-encoding': accepted });
      expect([statusCode, headers['content-encoding']]).toEqual([200, encoding]);
      expect(headers['content-type']).toMatch(/javascript/);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(headers.vary).toMatch(/accept-encoding/i);
      if (encoding !== undefined) expect(rawPayload.length).toBeLessThan(script.length / 10);
    }
    expect((await get(url)).body).toBe(script);
    expect((await get('/app/assets/plain-00000000.css', { 'accept-encoding': 'br' })).body).toBe('a{}');
    const icon = await get('/app/icon.svg');
    expect([icon.statusCode, icon.headers['cache-control']]).toEqual([200, 'public, max-age=3600']);
  });

  it('has no other files: what is not there is a problem, and is not kept', async () => {
    const elsewhere = [
      '/app/assets/index-01d00000.js',
      '/app/assets/',
      '/app/missing.svg',
      '/app/assets/..%2fsecret.json',
      '/app/assets/%2e%2e/%2e%2e/secret.js',
      '/app/assets/..%5csecret.json',
      '/app/assets//etc/passwd',
      '/app/assets/%00',
    ];
    for (const url of elsewhere) {
      const { statusCode, body, headers } = await get(url);
      expect([url, statusCode >= 400 && statusCode < 500]).toEqual([url, true]);
      expect(headers['cache-control'], url).toBe('no-store');
      expect(body, url).not.toContain('secret');
    }
    // Without a folder in its name it is the page's, as anything is.
    expect((await get('/app/secret.json')).body).toBe(html);
    expect((await get('/app/..%2fsecret.js')).body).not.toContain('secret');
  });

  it('has the headers of all answers also where its address cannot be read', async () => {
    for (const url of ['/app/%ff', '/app/assets/%ff', `/app/${'a'.repeat(200)}%c0`]) {
      const { statusCode, headers } = await get(url);
      expect([url, statusCode, headers['cache-control']]).toEqual([url, 400, 'no-store']);
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-request-id': expect.any(String) });
    }
  });

  it('may run nothing and style nothing that is not its own file, and nobody may frame it', async () => {
    for (const url of ['/app/', '/app/assets/index-C0ffee00.js']) {
      const { headers } = await get(url);
      const policy = String(headers['content-security-policy']).split(';');
      expect(policy).toEqual(expect.arrayContaining(["default-src 'self'", "script-src 'self'", "style-src 'self'"]));
      expect(policy).toEqual(expect.arrayContaining(["frame-ancestors 'none'", "frame-src 'self'"]));
      expect(String(policy)).not.toContain('unsafe');
      expect(headers['x-frame-options']).toBe('DENY');
    }
  });
});

describe('a browser', () => {
  const accept = 'text/html';

  it('that knows only the host comes to the dashboard', async () => {
    const { statusCode, headers } = await get('/');
    expect([statusCode, headers.location]).toEqual([302, '/app/']);
  });

  it('without a session signs in there, and goes on from there, on this host', async () => {
    const { headers } = await get('/admin/queues/queue/a?status=failed', { accept });
    expect(headers.location).toBe('/login?next=%2Fadmin%2Fqueues%2Fqueue%2Fa%3Fstatus%3Dfailed');
    const target = async (url: string) => (await get(url)).headers.location;
    expect(await target(String(headers.location))).toBe(
      '/app/sign-in?next=%2Fadmin%2Fqueues%2Fqueue%2Fa%3Fstatus%3Dfailed',
    );
    expect(await target('/login')).toBe('/app/sign-in');
    expect(await target('/login?next=%2F%2Fevil.example')).toBe('/app/sign-in?next=%2Fapp%2F');
  });

  it('without scripts can still send the form, and lands in the dashboard', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const payload = `key=${encodeURIComponent(adminKey)}`;
    const response = await app.inject({ method: 'POST', url: '/login', headers, payload });
    expect([response.statusCode, response.headers.location]).toEqual([303, '/app/']);
  });

  it('shows Bull Board in a frame of ours, and no other page', async () => {
    const board = await get('/admin/queues', withKey);
    expect(board.statusCode).toBe(200);
    expect(board.headers['content-security-policy']).toContain("frame-ancestors 'self'");
    expect(board.headers['x-frame-options']).toBe('SAMEORIGIN');
    for (const url of ['/docs', '/openapi.json', '/app/', '/login', '/healthz', '/nowhere']) {
      const { headers } = await get(url, withKey);
      expect(headers['content-security-policy'], url).toContain("frame-ancestors 'none'");
      expect(headers['x-frame-options'], url).toBe('DENY');
    }
  });
});

it('without index.html there is no dashboard, and its paths are closed', async () => {
  expect(findDashboard(join(folder, 'assets'))).toBeUndefined();
  const bare = await createServer(ctx);
  for (const url of ['/app/', '/app', '/app/assets/index-C0ffee00.js', '/']) {
    expect([url, (await bare.inject(url)).statusCode]).toEqual([url, 401]);
  }
  await bare.close();
});
