import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import type { JWTPayload } from 'jose';
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

let bed: TestBed;
let provider: IdentityProvider;
let api: RunningApi;
/** Another process on the same database. */
let elsewhere: RunningApi;
let north: Tenant;
let south: Tenant;

beforeAll(async () => {
  [bed, provider] = await Promise.all([createTestBed(), startIdentityProvider()]);
  const tokens = {
    ...{ SYNCLINE_JWT_JWKS_URL: provider.jwksUrl, SYNCLINE_JWT_ISSUER: issuer, SYNCLINE_JWT_AUDIENCE: audience },
    SYNCLINE_API_RATE_LIMIT_PER_MINUTE: '10000',
  };
  api = await runningApi(bed, { ...oneConnection, ...tokens });
  elsewhere = await runningApi(bed, tokens);
  north = await makeTenant(bed, api, 'north');
  south = await makeTenant(bed, api, 'south');
});
afterAll(async () => {
  await Promise.all([api.stop(), elsewhere.stop()]);
  await Promise.all([bed.close(), provider.close()]);
});

type Given = Record<string, string>;
const ours = { 'sec-fetch-site': 'same-origin' };

async function send(at: RunningApi, method: string, path: string, headers: Given, body?: object) {
  const response = await fetch(`${at.url}${path}`, {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const [cookie = ''] = response.headers.getSetCookie();
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
  const told: any = text === '' ? null : JSON.parse(text);
  return { status: response.status, cookie: cookie.split('; ')[0] ?? '', body: told };
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const token = (sub: string, more: JWTPayload = {}) =>
  provider.sign({ sub, org_id: north.externalId, role: 'viewer', ...more });
const come = (key: string, at = api, headers: Given = {}) =>
  send(at, 'GET', '/api/v1/connections', { ...bearer(key), ...headers });
const signIn = (key: string) => send(api, 'POST', '/api/v1/session', ours, { key });

async function admin(path = '', asked: Asked = {}, tenant = north) {
  const { status, text } = await ask(api, tenant.keys.admin, `/api/v1/members${path}`, asked);
  return { status, body: text === '' ? null : JSON.parse(text) };
}

async function member(subject: string, tenant = north) {
  return eventually(`${subject} to be known`, async () => {
    const { data } = (await admin(`?limit=100&search=${subject}`, {}, tenant)).body;
    return data.find((one: { subject: string }) => one.subject === subject);
  });
}

const block = async (subject: string, reason = 'Left the firm') =>
  admin(`/${(await member(subject)).id}/block`, { method: 'POST', body: { reason } });
const unblock = async (subject: string) => admin(`/${(await member(subject)).id}/unblock`, { method: 'POST' });

describe('whoever comes with a token', () => {
  it('is known by what it says, to the organizations that it names, and not once a request', async () => {
    const ann = await token('ann', { name: ' Ann Lee ', email: 'ann@clinic.example', role: 'operator' });
    const asked = Array.from({ length: 20 }, () => come(ann));
    for (const { status } of await Promise.all(asked)) expect(status).toBe(200);
    expect(await member('ann')).toEqual({
      ...{ id: expect.any(String), issuer, subject: 'ann', name: 'Ann Lee', email: 'ann@clinic.example' },
      ...{ role: 'operator', firstSeenAt: expect.any(String), lastSeenAt: expect.any(String) },
      ...{ blocked: null, liveKeys: 0 },
    });
    expect((await admin('?search=ann', {}, south)).body.data).toEqual([]);

    // Again after a minute, from another process, by a token that says less: what was known stays, the role does not.
    await sql`update members set last_seen_at = '2026-01-01T00:00:00Z', first_seen_at = '2026-01-01T00:00:00Z'
      where subject = 'ann'`.execute(bed.db);
    await come(await token('ann'), elsewhere);
    const again = await eventually('the second coming to be noted', async () => {
      const now = await member('ann');
      return now.lastSeenAt > '2026-01-01T00:00:00.000Z' && now;
    });
    expect(again).toMatchObject({ name: 'Ann Lee', role: 'viewer', firstSeenAt: '2026-01-01T00:00:00.000Z' });
  });

  it('is answered also where it cannot be noted, and is not tried to be noted at each request', async () => {
    const since = await sql<{ at: string }>`select statement_timestamp()::text as at`.execute(bed.db);
    await sql`alter table members add constraint nobody check (subject <> 'bob')`.execute(bed.db);
    const bob = await token('bob');
    for (let i = 0; i < 3; i += 1) expect((await come(bob)).status).toBe(200);
    expect((await admin('?search=bob')).body.data).toEqual([]);
    await sql`alter table members drop constraint nobody`.execute(bed.db);
    expect((await come(bob)).status).toBe(200);
    // The process that has tried within the minute leaves it; another one does not.
    expect((await admin('?search=bob')).body.data).toEqual([]);
    await come(bob, elsewhere);
    expect((await member('bob')).firstSeenAt > (since.rows[0]?.at ?? '')).toBe(true);
  });

  it('is listed a page at a time, and found by a part of the name', async () => {
    for (const [i, name] of ['Cleo', 'Cora', 'Cyd'].entries()) await come(await token(`c${i}`, { name }));
    for (const [i] of [0, 1, 2].entries()) await member(`c${i}`);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await admin(`?limit=2${cursor && `&cursor=${cursor}`}`);
      expect(Buffer.from(body.nextCursor ?? '', 'base64url').toString()).not.toMatch(/C[a-z]+|c\d"/);
      seen.push(...body.data.map((one: { subject: string }) => one.subject));
      cursor = body.nextCursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(['ann', 'bob', 'c0', 'c1', 'c2']));
    const names = async (query: string) =>
      (await admin(query)).body.data.map(({ subject }: { subject: string }) => subject);
    expect(await names('?search=CORA')).toEqual(['c1']);
    expect(await names('?search=clinic.example')).toEqual(['ann']);
    expect((await admin('?cursor=rubbish')).status).toBe(400);
    expect((await ask(api, north.keys.operator, '/api/v1/members')).status).toBe(403);
  });
});

describe('somebody who is shut out', () => {
  it('is refused on the next request, in every process, until they are let in', async () => {
    const dan = await token('dan', { role: 'admin' });
    await come(dan);
    const { body } = await block('dan');
    expect(body.blocked).toEqual({
      at: expect.any(String),
      by: expect.stringMatching(/^API key /),
      reason: 'Left the firm',
    });
    for (const at of [api, elsewhere]) {
      const { status, body: refusal } = await come(dan, at);
      expect([status, refusal.code, refusal.title]).toEqual([
        ...[403, 'MEMBER_BLOCKED', 'An admin of the organization has shut you out'],
      ]);
    }
    // Nor with another token of theirs, whatever it gives; others go on.
    expect((await come(await token('dan', { name: 'Dan' }))).status).toBe(403);
    expect((await come(await token('eve'))).status).toBe(200);
    expect((await admin('?blocked=true')).body.data).toMatchObject([{ subject: 'dan', name: null, role: 'admin' }]);
    // The first reason stays.
    expect((await block('dan', 'Another')).body.blocked.reason).toBe('Left the firm');

    expect((await unblock('dan')).body.blocked).toBeNull();
    expect((await come(dan, elsewhere)).status).toBe(200);
    const { text } = await ask(api, north.keys.viewer, '/api/v1/audit?limit=3');
    const { data } = JSON.parse(text);
    expect(data.slice(0, 2)).toMatchObject([
      { action: 'member.unblock', subjectKind: 'member', details: { subject: 'dan' } },
      { action: 'member.block', details: { subject: 'dan', reason: 'Left the firm' } },
    ]);
  });

  it('is so in the organization that did it, and in no other', async () => {
    const both = await token('fay', { org_id: [north.externalId, south.externalId] });
    const as = (tenant: Tenant) => come(both, api, { 'x-organization-id': tenant.slug });
    expect((await as(north)).status).toBe(200);
    await block('fay');
    const refused = await as(north);
    expect([refused.status, refused.body.code]).toEqual([403, 'MEMBER_BLOCKED']);
    expect((await as(south)).body.data).toMatchObject([{ id: south.connectionId }]);
    // The one that is left is the only one.
    expect((await come(both)).body.data).toMatchObject([{ id: south.connectionId }]);
    // A path that names the organization is the same question.
    const history = await send(api, 'GET', `/api/v1/sync/history/${north.organizationId}`, bearer(both));
    expect(history.status).toBe(403);
    // Who is in the other organization is not this one's to say.
    const { id } = await member('fay', south);
    expect((await admin(`/${id}/block`, { method: 'POST', body: { reason: 'x' } })).status).toBe(404);
  });

  it('cannot be oneself, and needs a reason', async () => {
    const gus = await token('gus', { role: 'admin' });
    await come(gus);
    const { id } = await member('gus');
    const path = `/api/v1/members/${id}/block`;
    const own = await send(api, 'POST', path, bearer(gus), { reason: 'tired' });
    expect([own.status, own.body.code]).toEqual([403, 'FORBIDDEN']);
    const session = await signIn(gus);
    expect((await send(api, 'POST', path, { cookie: session.cookie, ...ours }, { reason: 'x' })).status).toBe(403);
    expect((await admin(`/${id}/block`, { method: 'POST', body: { reason: ' ' } })).status).toBe(400);
    expect((await come(gus)).status).toBe(200);
  });

  it('leaves the keys that they made, which are counted', async () => {
    const hal = await token('hal', { role: 'admin' });
    const make = (headers: Given) => send(api, 'POST', '/api/v1/api-keys', headers, { name: 'of hal', role: 'viewer' });
    const made = await make(bearer(hal));
    const { cookie } = await signIn(hal);
    expect((await make({ cookie, ...ours })).status).toBe(201);
    expect((await block('hal')).body.liveKeys).toBe(2);
    expect((await come(made.body.key)).status).toBe(200);
    await ask(api, north.keys.admin, `/api/v1/api-keys/${made.body.id}`, { method: 'DELETE' });
    expect((await member('hal')).liveKeys).toBe(1);
  });

  it('is not forgotten; others are, without a trace of who it was', async () => {
    const ida = await token('ida', { name: 'Ida Moss', email: 'ida@clinic.example' });
    await come(ida);
    await block('ida');
    const { id } = await member('ida');
    const forget = () => admin(`/${id}`, { method: 'DELETE' });
    const kept = await forget();
    expect([kept.status, kept.body.code]).toEqual([409, 'MEMBER_KEPT']);
    expect((await come(ida)).status).toBe(403);
    await unblock('ida');
    expect((await forget()).status).toBe(204);
    expect((await forget()).status).toBe(404);
    const { rows } = await sql`select l::text as text from audit_log l union all select m::text from members m`.execute(
      bed.db,
    );
    expect(JSON.stringify(rows)).not.toMatch(/Ida Moss|ida@clinic/);
  });
});

describe('a session of a token', () => {
  it('has its role and organizations, says who it is, and ends with it', async () => {
    const end = Math.floor(Date.now() / 1_000) + 300;
    const { status, body, cookie } = await signIn(await token('joy', { role: 'operator', name: 'Joy', exp: end }));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ name: 'browser session of token of joy', role: 'operator', via: 'session' },
      ...{ organization: { id: north.organizationId }, organizations: [{ id: north.organizationId }] },
      expiresAt: new Date(end * 1_000).toISOString(),
    });
    // With what the token said, although the cookie says less.
    expect(await member('joy')).toMatchObject({ name: 'Joy', role: 'operator' });
    expect((await send(api, 'GET', '/api/v1/session', { cookie })).body).toEqual(body);
    const pause = `/api/v1/connections/${north.connectionId}/pause`;
    expect((await send(elsewhere, 'POST', pause, { cookie })).body.code).toBe('FORBIDDEN');
    expect((await send(elsewhere, 'POST', pause, { cookie, ...ours })).status).toBe(200);
    expect((await send(api, 'GET', '/api/v1/api-keys', { cookie })).status).toBe(403);
    const other = await send(api, 'GET', '/api/v1/connections', { cookie, 'x-organization-id': south.slug });
    expect(other.body.code).toBe('ORGANIZATION_NOT_FOUND');
    // A token of the last seconds, which clocks that differ let in, opens no session.
    const over = await signIn(await token('joy', { exp: Math.floor(Date.now() / 1_000) - 5 }));
    expect([over.status, over.cookie]).toEqual([401, '']);
  });

  it('ends when they are shut out, in every process, and cannot be opened', async () => {
    const kim = await token('kim');
    const { cookie } = await signIn(kim);
    await block('kim');
    for (const at of [api, elsewhere]) {
      expect((await send(at, 'GET', '/api/v1/session', { cookie })).body.code).toBe('MEMBER_BLOCKED');
    }
    const { status, body, cookie: none } = await signIn(kim);
    expect([status, body.code, none]).toEqual([403, 'MEMBER_BLOCKED', '']);
  });

  it('is nobody’s where the provider is another one, and holds the organizations of this installation alone', async () => {
    const many = [...Array.from({ length: 200 }, (_, i) => `org_of_somebody_else_${i}`), north.externalId];
    const { cookie, body } = await signIn(await token('lou', { org_id: many }));
    expect(body.organizations).toHaveLength(1);
    expect(cookie.length).toBeLessThan(500);
    for (const variables of [
      {},
      {
        ...{ SYNCLINE_JWT_JWKS_URL: provider.jwksUrl, SYNCLINE_JWT_AUDIENCE: audience },
        SYNCLINE_JWT_ISSUER: 'https://other.example',
      },
    ]) {
      const other = await runningApi(bed, variables);
      const { status } = await send(other, 'GET', '/api/v1/session', { cookie });
      await other.stop();
      expect(status).toBe(401);
    }
  });
});
