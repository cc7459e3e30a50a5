import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  audience,
  type IdentityProvider,
  issuer,
  startIdentityProvider,
} from '../../../../testing/identity-provider.js';
import { oneConnection, type RunningApi, runningApi } from '../../../../testing/running-api.js';
import { type Asked, ask, makeTenant, type Tenant } from '../../../../testing/two-tenants.js';

const aMinute = 40;
const page = 'https://app.example.com';

let bed: TestBed;
let provider: IdentityProvider;
let api: RunningApi;
let north: Tenant;
let south: Tenant;

beforeAll(async () => {
  [bed, provider] = await Promise.all([createTestBed(), startIdentityProvider()]);
  api = await runningApi(bed, {
    ...oneConnection,
    ...{ SYNCLINE_API_RATE_LIMIT_PER_MINUTE: String(aMinute), SYNCLINE_CORS_ORIGINS: page },
    ...{ SYNCLINE_JWT_JWKS_URL: provider.jwksUrl, SYNCLINE_JWT_ISSUER: issuer, SYNCLINE_JWT_AUDIENCE: audience },
    SYNCLINE_JWT_ROLES: 'org:member=viewer',
  });
  north = await makeTenant(bed, api, 'north');
  south = await makeTenant(bed, api, 'south');
});
afterAll(async () => {
  await api.stop();
  await Promise.all([bed.close(), provider.close()]);
});

async function json(key: string, path: string, asked: Asked = {}) {
  const { status, text } = await ask(api, key, path, asked);
  return { status, body: JSON.parse(text) };
}

const makeKey = async (body: object, by = north.keys.admin) => json(by, '/api/v1/api-keys', { method: 'POST', body });
const connections = (key: string, headers: Record<string, string> = {}) =>
  json(key, '/api/v1/connections', { headers });

describe('an API key', () => {
  it('is told once, and kept so that nobody can use what is kept', async () => {
    const { status, body } = await makeKey({ name: 'shown once', role: 'viewer' });
    expect([status, body.key]).toEqual([201, expect.stringMatching(/^syncline_[a-z0-9]{12}_[\w-]{43}$/)]);
    expect(body.key.startsWith(`${body.prefix}_`)).toBe(true);
    const secret = body.key.slice(body.prefix.length + 1);
    const listed = await ask(api, north.keys.admin, '/api/v1/api-keys');
    expect(listed.text).toContain(body.prefix);
    const { rows } = await sql`select k::text, a.details::text from api_keys k, audit_log a`.execute(bed.db);
    for (const text of [listed.text, JSON.stringify(rows)]) expect(text).not.toContain(secret);
    expect((await connections(body.key)).body.data).toHaveLength(1);
  });

  it('opens nothing with another secret, when it was revoked, and when it has expired', async () => {
    const { body } = await makeKey({ name: 'to be ended', role: 'viewer' });
    const last = body.key.at(-1) === 'A' ? 'B' : 'A';
    for (const wrong of [`${body.key.slice(0, -1)}${last}`, body.prefix, `${body.prefix}_`, `${body.key}x`]) {
      expect((await connections(wrong)).status).toBe(401);
    }
    expect((await connections(body.key)).status).toBe(200);
    const { body: revoked } = await json(north.keys.admin, `/api/v1/api-keys/${body.id}`, { method: 'DELETE' });
    expect(revoked.revokedAt).not.toBeNull();
    expect((await connections(body.key)).status).toBe(401);

    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { body: brief } = await makeKey({ name: 'brief', role: 'viewer', expiresAt });
    expect((await connections(brief.key)).status).toBe(200);
    await sql`update api_keys set expires_at = now() where id = ${brief.id}`.execute(bed.db);
    expect((await connections(brief.key)).status).toBe(401);
    expect((await makeKey({ name: 'late', role: 'viewer', expiresAt: '2020-01-01T00:00:00Z' })).status).toBe(400);
  });

  it('is refused with a name that Postgres cannot store', async () => {
    for (const name of ['a\u0000b', 'a\ud800b']) {
      const { status, body } = await makeKey({ name, role: 'viewer' });
      expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    }
  });

  it('has the time of its last use noted once a minute, however often it is used', async () => {
    const { body } = await makeKey({ name: 'used', role: 'viewer' });
    const lastUse = async () => {
      const { rows } = await sql<{ at: Date | null; version: string }>`
        select last_used_at as at, xmin::text as version from api_keys where id = ${body.id}`.execute(bed.db);
      return rows[0];
    };
    expect((await lastUse())?.at).toBeNull();
    await connections(body.key);
    await eventually('the use to be noted', async () => (await lastUse())?.at !== null);
    const noted = await lastUse();
    for (let i = 0; i < 3; i += 1) await connections(body.key);
    expect(await lastUse()).toEqual(noted);
    await sql`update api_keys set last_used_at = now() - interval '2 minutes' where id = ${body.id}`.execute(bed.db);
    await connections(body.key);
    await eventually('the later use', async () => ((await lastUse())?.at?.getTime() ?? 0) > Date.now() - 60_000);
  });

  it('is named in the audit log by what it did', async () => {
    const { body } = await makeKey({ name: 'night shift', role: 'operator' });
    await json(body.key, `/api/v1/connections/${north.connectionId}/pause`, { method: 'POST' });
    await json(body.key, `/api/v1/connections/${north.connectionId}/resume`, { method: 'POST' });
    const { body: audit } = await json(north.keys.viewer, '/api/v1/audit?limit=2');
    expect(audit.data).toMatchObject([
      { action: 'connection.resume', actor: `API key night shift (${body.id})` },
      { action: 'connection.pause', actor: `API key night shift (${body.id})` },
    ]);
  });

  it('is of its organization, in whichever of its names that is said', async () => {
    for (const name of [north.organizationId, north.organizationId.toUpperCase(), north.slug, north.externalId]) {
      const { body } = await connections(north.keys.viewer, { 'x-organization-id': name });
      expect(body.data).toMatchObject([{ id: north.connectionId }]);
    }
  });

  it('makes so many requests a minute, then waits; others do not wait with it', async () => {
    const { body } = await makeKey({ name: 'busy', role: 'viewer' }, south.keys.admin);
    const statuses: number[] = [];
    for (let i = 0; i < aMinute; i += 1) statuses.push((await connections(body.key)).status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    const over = await ask(api, body.key, '/api/v1/connections');
    expect([over.status, JSON.parse(over.text).code]).toEqual([429, 'TOO_MANY_REQUESTS']);
    const wait = Number(over.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(over.headers.get('ratelimit-remaining')).toBe('0');
    expect((await connections(south.keys.viewer)).status).toBe(200);
    expect((await connections(bed.adminKey)).status).toBe(200);
  });

  it('has what it is refused counted as well', async () => {
    const { body } = await makeKey({ name: 'knocking', role: 'viewer' }, south.keys.admin);
    const left = async (path: string, asked: Asked = {}) => {
      const { status, headers } = await ask(api, body.key, path, asked);
      return [status, headers.get('ratelimit-remaining')];
    };
    expect(await left('/api/v1/organizations')).toEqual([403, String(aMinute - 1)]);
    const stranger = { headers: { 'x-organization-id': north.slug } };
    expect(await left('/api/v1/connections', stranger)).toEqual([404, String(aMinute - 2)]);
    expect(await left('/api/v1/nothing-here')).toEqual([404, String(aMinute - 3)]);
    expect(await left('/api/v1/connections')).toEqual([200, String(aMinute - 4)]);
  });
});

describe('a token', () => {
  const tokenOf = (claims: object) => provider.sign({ role: 'viewer', ...claims });

  it('reads for the organization that it names by its external id, and by nothing else', async () => {
    const token = await tokenOf({ org_id: north.externalId });
    expect((await connections(token)).body.data).toMatchObject([{ id: north.connectionId }]);
    for (const stranger of [south.slug, south.externalId, south.organizationId]) {
      expect((await connections(token, { 'x-organization-id': stranger })).status).toBe(404);
    }
    // Whoever may choose names at the provider could choose our slugs and ids.
    for (const org_id of [north.slug, north.organizationId, 'default', undefined, 7, [], 'org_nobody']) {
      const { status, body } = await connections(await tokenOf({ org_id }));
      expect([org_id, status, body.code]).toEqual([org_id, 403, 'FORBIDDEN']);
    }
  });

  it('that names several says for which it asks', async () => {
    const token = await tokenOf({ org_id: [north.externalId, south.externalId] });
    const { status, body } = await connections(token);
    expect([status, body.code]).toEqual([400, 'ORGANIZATION_REQUIRED']);
    for (const { slug, connectionId } of [north, south]) {
      const chosen = await connections(token, { 'x-organization-id': slug });
      expect(chosen.body.data).toMatchObject([{ id: connectionId }]);
    }
    expect((await connections(token, { 'x-organization-id': 'default' })).status).toBe(404);
  });

  it('does what its role allows, and is named in the audit log', async () => {
    const pause = (role: unknown) => async () =>
      json(await tokenOf({ org_id: north.externalId, role }), `/api/v1/connections/${north.connectionId}/pause`, {
        method: 'POST',
      });
    expect((await pause('org:member')()).status).toBe(403);
    expect((await pause('owner')()).status).toBe(403);
    expect((await pause('platform')()).status).toBe(403);
    expect((await pause('operator')()).body.status).toBe('paused');
    const { body } = await json(north.keys.viewer, '/api/v1/audit?limit=1&action=connection.pause');
    expect(body.data).toMatchObject([{ actor: 'token of user_1' }]);
    await json(north.keys.operator, `/api/v1/connections/${north.connectionId}/resume`, { method: 'POST' });
  });

  it('that is not one is refused', async () => {
    for (const token of ['a.b.c', await tokenOf({ org_id: north.externalId, aud: 'other' })]) {
      expect((await connections(token)).status).toBe(401);
    }
  });
});

describe('a page of another origin', () => {
  const preflight = (origin: string) =>
    fetch(`${api.url}/api/v1/connections`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
    });

  it('may ask and read with a key where it is listed, and never with cookies', async () => {
    const leave = await preflight(page);
    expect(leave.status).toBe(204);
    expect(leave.headers.get('access-control-allow-origin')).toBe(page);
    expect(leave.headers.get('access-control-allow-headers')).toMatch(/authorization.*x-organization-id/i);
    const { headers } = await ask(api, north.keys.viewer, '/api/v1/connections', { headers: { origin: page } });
    expect(headers.get('access-control-allow-origin')).toBe(page);
    for (const given of [leave.headers, headers]) {
      expect(given.get('access-control-allow-credentials')).toBeNull();
      expect(given.get('vary')).toContain('Origin');
    }
  });

  it('may not where it is not listed', async () => {
    for (const origin of ['https://evil.example', 'null', `${page}.evil.example`, page.toUpperCase()]) {
      const leave = await preflight(origin);
      expect([leave.status, leave.headers.get('access-control-allow-origin')]).toEqual([401, null]);
    }
  });
});

describe('an organization', () => {
  const organizations = (method: string, path: string, body?: object) =>
    json(bed.adminKey, `/api/v1/organizations${path}`, { method, ...(body && { body }) });

  it('is known by three names, and by none of another one', async () => {
    for (const name of [north.organizationId, north.slug, encodeURIComponent(north.externalId)]) {
      const { body } = await organizations('GET', `/${name}`);
      expect(body).toMatchObject({ id: north.organizationId, slug: north.slug, externalId: north.externalId });
    }
    const taken: [object, string][] = [
      [{ slug: north.slug }, 'slug'],
      [{ slug: 'fresh', externalId: north.externalId }, 'externalId'],
      [{ slug: 'fresh', externalId: north.slug }, 'externalId'],
      [{ slug: north.organizationId }, 'slug'],
    ];
    for (const [given, field] of taken) {
      const { status, body } = await organizations('POST', '', { name: 'Taken', ...given });
      expect([given, status, body.errors?.[0]?.field]).toEqual([given, 400, field]);
    }
    expect((await organizations('PATCH', `/${south.slug}`, { externalId: north.slug })).status).toBe(400);
    expect((await organizations('GET', '/nobody')).body.code).toBe('ORGANIZATION_NOT_FOUND');
  });

  it('can be renamed, and tokens know it by its new external id only', async () => {
    const before = await provider.sign({ org_id: south.externalId, role: 'viewer' });
    expect((await connections(before)).status).toBe(200);
    const { body } = await organizations('PATCH', `/${south.slug}`, {
      name: 'South Clinic',
      externalId: 'org_renamed',
    });
    expect(body).toMatchObject({ slug: south.slug, name: 'South Clinic', externalId: 'org_renamed' });
    expect((await connections(before)).status).toBe(403);
    const { body: all } = await organizations('GET', '?limit=2');
    expect(all.pagination).toMatchObject({ total: 3, totalPages: 2 });
    const { body: found } = await organizations('GET', '?search=SOUTH%20cl');
    expect([found.data.map(({ slug }: { slug: string }) => slug), found.pagination.total]).toEqual([[south.slug], 1]);
  });
});
