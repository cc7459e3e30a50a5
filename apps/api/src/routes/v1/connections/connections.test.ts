import { connectors } from '@syncline/connectors';
import { eraseDeleted } from '@syncline/engine';
import { createLog } from '@syncline/service';
import { createVault, readSecrets, storeTokens } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneConnection, type RunningApi, runningApi } from '../../../../testing/running-api.js';
import { type Asked, ask, makeTenant, type Tenant } from '../../../../testing/two-tenants.js';

const secret = 'S3CRET-of-this-client';
const good = { connector: 'practicepanther', credentials: { clientId: 'client', clientSecret: secret } };

let bed: TestBed;
let api: RunningApi;
let ours: Tenant;
let theirs: Tenant;

const environment = { ...oneConnection, ENABLE_SYNC_SCHEDULER: 'true', SYNCLINE_API_RATE_LIMIT_PER_MINUTE: '100000' };

beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, environment);
  ours = await makeTenant(bed, api, 'ours');
  theirs = await makeTenant(bed, api, 'theirs');
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});

async function call(method: string, path: string, body?: unknown, key = ours.keys.admin) {
  const asked: Asked = { method, ...(body === undefined ? {} : { body }) };
  const { status, text } = await ask(api, key, `/api/v1/connections${path}`, asked);
  return { status, text, body: JSON.parse(text) };
}

let made = 0;
async function make(given: object = {}, key = ours.keys.admin): Promise<{ id: string; name: string }> {
  made += 1;
  const { status, body, text } = await call('POST', '', { ...good, name: `number ${made}`, ...given }, key);
  expect([status, text]).toEqual([201, text]);
  return body;
}

const vault = () => createVault([bed.encryptionKey]);
const ownedBy = (tenant: Tenant, id: string) => ({ id, organizationId: tenant.organizationId });
const trigger = (connectionId: string) =>
  ask(api, ours.keys.operator, '/api/sync/trigger', { method: 'POST', body: { syncType: 'contacts', connectionId } });
const count = async (query: ReturnType<typeof sql<{ n: number }>>) => (await query.execute(bed.db)).rows[0]?.n;

describe('a new connection', () => {
  it('is told without its credentials, which are kept sealed, and has the schedules of its connector', async () => {
    const { status, body, text } = await call('POST', '', { ...good, name: 'head office', settings: { pageSize: 50 } });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ connector: 'practicepanther', name: 'head office', status: 'active', statusReason: null },
      ...{ settings: { pageSize: 50 }, hasCredentials: true, lastSync: null, nextSyncAt: expect.any(String) },
    });
    const everywhere = [text, (await call('GET', '')).text, (await call('GET', `/${body.id}`)).text];
    const { rows } = await sql`select row_to_json(c)::text, encode(c.credentials, 'escape'), a.details::text
      from connections c, audit_log a where c.id = ${body.id}`.execute(bed.db);
    for (const seen of [...everywhere, JSON.stringify(rows)]) expect(seen).not.toContain(secret);
    const secrets = await readSecrets(bed.db, vault(), ownedBy(ours, body.id));
    expect(secrets.credentials).toEqual(good.credentials);
    const schedules = await count(sql`select count(*) as n from sync_schedules where connection_id = ${body.id}`);
    expect(schedules).toBeGreaterThan(0);
  });

  it.each<[string, object, string]>([
    ['an unknown connector', { connector: 'nowhere' }, 'connector'],
    ['a missing secret', { credentials: { clientId: 'x' } }, 'credentials.clientSecret'],
    [
      'a credential that nobody asked for',
      { credentials: { ...good.credentials, token: secret } },
      'credentials.token',
    ],
    ['a setting of another type', { settings: { pageSize: secret } }, 'settings.pageSize'],
    ['a setting that does not exist', { settings: { pagesize: 5 } }, 'settings.pagesize'],
    ['somebody else as its owner', { organizationId: '00000000-0000-4000-8000-000000000001' }, 'organizationId'],
    ['a state', { status: 'active' }, 'status'],
    ['the name of the environment', { name: 'environment' }, 'name'],
    ['no name', { name: ' ' }, 'name'],
    ['a name that cannot be stored', { name: 'a\u0000b' }, 'name'],
  ])('is refused with %s, and nothing that was sent is repeated', async (_what, given, field) => {
    const { status, body, text } = await call('POST', '', { ...good, name: 'refused', ...given });
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    if (field !== 'name') expect(body.errors).toMatchObject([{ field }]);
    expect(text).not.toContain(secret);
  });

  it('has a name of its own among those of its connector', async () => {
    const { name } = await make();
    const { status, body } = await call('POST', '', { ...good, name });
    expect([status, body.errors]).toMatchObject([400, [{ field: 'name' }]]);
    await make({ name }, theirs.keys.admin);
  });

  it.each([
    'http://127.0.0.1:6379/',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.0.0.5/',
    'https://[::1]/',
    'https://2130706433/',
    'https://postgres:5432/',
    'http://example.com/',
    'https://user:word@example.com/',
  ])('cannot be pointed at %s', async (baseUrl) => {
    const { status, body } = await call('POST', '', { ...good, name: 'spy', settings: { baseUrl } });
    expect([status, body.code]).toEqual([422, 'EGRESS_REFUSED']);
    const { id } = await make();
    const change = { settings: { baseUrl }, credentials: good.credentials };
    expect((await call('PATCH', `/${id}`, change)).body.code).toBe('EGRESS_REFUSED');
  });
});

describe('the connection of the environment', () => {
  const own = async (at: RunningApi = api): Promise<{ id: string; name: string; fromEnvironment: boolean }[]> =>
    (await at.get('/api/v1/connections')).body.data;
  const startOnce = async (extra: Readonly<Record<string, string>> = {}) => {
    const [first, second] = await Promise.all([{}, {}].map(() => runningApi(bed, { ...environment, ...extra })));
    const found = await own(first);
    await Promise.all([first?.stop(), second?.stop()]);
    return found;
  };

  it('may be renamed, and is that one at the next start, not a second one', async () => {
    const [before] = await own();
    if (before === undefined) throw new Error('the environment makes one');
    expect(before).toMatchObject({ name: 'environment', fromEnvironment: true });
    expect((await api.send('PATCH', `/api/v1/connections/${before.id}`, { name: 'head office' })).status).toBe(200);
    const after = await startOnce({ PP_CLIENT_SECRET: 'another' });
    expect(after).toMatchObject([{ id: before.id, name: 'head office', fromEnvironment: true }]);
    expect(after).toHaveLength(1);
    const owner = { id: before.id, organizationId: '' };
    const { rows } = await sql<{
      o: string;
    }>`select organization_id as o from connections where id = ${before.id}`.execute(bed.db);
    const secrets = await readSecrets(bed.db, vault(), { ...owner, organizationId: rows[0]?.o ?? '' });
    expect(secrets.credentials).toMatchObject({ clientSecret: 'another' });
    // Its first name is its own.
    expect((await api.send('PATCH', `/api/v1/connections/${before.id}`, { name: 'environment' })).status).toBe(200);
  });

  it('is known by its name where a release that knew no mark has made it, and made anew after it was deleted', async () => {
    const [before] = await own();
    await sql`update connections set from_environment = false where id = ${before?.id}`.execute(bed.db);
    expect(await startOnce()).toMatchObject([{ id: before?.id, fromEnvironment: true }]);
    await api.send('PATCH', `/api/v1/connections/${before?.id}`, { name: 'gone' });
    expect((await api.send('DELETE', `/api/v1/connections/${before?.id}?data=keep`)).status).toBe(202);
    expect(await own()).toEqual([]);
    const again = await startOnce();
    expect(again).toMatchObject([{ name: 'environment', fromEnvironment: true }]);
    expect(again.map(({ id }) => id)).not.toContain(before?.id);
  });

  it('is none of those that somebody makes', async () => {
    expect(await make()).toMatchObject({ fromEnvironment: false });
  });
});

describe('the vendors that there are', () => {
  it('say what they need, which of it is secret, and what they can', async () => {
    const { status, text } = await ask(api, ours.keys.viewer, '/api/v1/connectors');
    expect(status).toBe(200);
    const { data } = JSON.parse(text);
    expect(data.map(({ id }: { id: string }) => id)).toEqual(connectors.map(({ id }) => id));
    const of = (id: string) => data.find((one: { id: string }) => one.id === id);
    expect(of('practicepanther')).toMatchObject({
      ...{ name: 'PracticePanther', guideUrl: expect.stringMatching(/^https:/), hasWebhooks: false, hasHistory: false },
      credentials: {
        required: ['clientId', 'clientSecret'],
        properties: { clientId: { title: 'Client id' }, clientSecret: { format: 'password' } },
      },
      settings: { properties: { pageSize: { type: 'integer', minimum: 2, default: 100 } } },
    });
    expect(of('practicepanther').credentials.properties.clientId).not.toHaveProperty('format');
    expect(of('irelandpay')).toMatchObject({ hasWebhooks: true, hasHistory: true });
    expect(of('cliniko').entities).toContainEqual({
      ...{ name: 'appointments', readsById: true },
      dependsOn: expect.arrayContaining(['patients']),
    });
    // What a sync finds out is not for anybody to set.
    expect(of('notion').settings.properties).toHaveProperty('databaseId');
    expect(of('notion').settings.properties).not.toHaveProperty('database');
    const { headers } = await api.get('/api/v1/connectors');
    expect(headers.get('cache-control')).toBe('private, max-age=300');
  });
});

describe('a sync by hand', () => {
  const clinic = {
    connector: 'cliniko',
    credentials: { apiKey: 'a-key-of-a-clinic-au1', contactEmail: 'a@b.example' },
  };
  const start = async (body: object, key = ours.keys.operator) => {
    const { status, text } = await ask(api, key, '/api/v1/sync/jobs', { method: 'POST', body });
    return { status, body: JSON.parse(text) };
  };
  const cancel = (jobId: string) =>
    ask(api, ours.keys.operator, `/api/v1/sync/jobs/${jobId}/cancel`, { method: 'POST', body: {} });

  it.each<[string, object, object]>([
    ['everything', {}, { mode: 'incremental', entities: expect.arrayContaining(['businesses', 'attendees']) }],
    [
      'chosen entities with what they need',
      { mode: 'full', entities: ['group_appointments', 'patients', 'patients'] },
      {
        mode: 'full',
        entities: ['businesses', 'practitioners', 'appointment_types', 'patients', 'group_appointments'],
      },
    ],
    [
      'one record',
      { entities: ['patients'], selection: { id: '17' } },
      { mode: 'backfill', entities: ['patients'], selection: { ids: ['17'] } },
    ],
    [
      'a span',
      { entities: ['patients', 'businesses'], selection: { from: '2025-06-01', to: '2025-06-30' } },
      { mode: 'backfill', entities: ['businesses', 'patients'] },
    ],
  ])('is of %s, whatever the vendor', async (_what, asked, expected) => {
    const { id: connectionId } = await make(clinic);
    const { status, body } = await start({ connectionId, ...asked });
    expect([status, body]).toEqual([202, expect.objectContaining(expected)]);
    const { text } = await ask(api, ours.keys.viewer, body.statusUrl);
    expect(JSON.parse(text)).toMatchObject({ id: body.jobId, connectionId, trigger: 'manual' });
    expect(JSON.parse(text).entities.map(({ entity }: { entity: string }) => entity)).toEqual(body.entities);
    expect(await start({ connectionId })).toMatchObject({ status: 409, body: { runningJobId: body.jobId } });
    await cancel(body.jobId);
  });

  it('says which field is wrong, and starts nothing', async () => {
    const { id: connectionId } = await make(clinic);
    const wrong: [object, string][] = [
      [{ entities: ['patients', 'contacts'] }, 'entities.1'],
      [{ entities: Array.from({ length: 51 }, () => 'patients') }, 'entities'],
      [{ entities: ['patients', 'businesses'], selection: { id: '1' } }, 'entities'],
      [{ selection: { id: '1' } }, 'entities'],
      [{ mode: 'full', selection: { from: '2025-06-01' } }, 'mode'],
      [{ selection: {} }, 'selection'],
      [{ mode: 'backfill' }, 'mode'],
    ];
    for (const [asked, field] of wrong) {
      const { status, body } = await start({ connectionId, ...asked });
      expect([asked, status, body.errors?.[0]?.field]).toEqual([asked, 400, field]);
    }
    expect((await start({ connectionId }, theirs.keys.operator)).status).toBe(404);
    expect((await start({ connectionId }, ours.keys.viewer)).status).toBe(403);
    expect(await count(sql`select count(*) as n from sync_jobs where connection_id = ${connectionId}`)).toBe(0);
  });
});

describe('a change', () => {
  it('of settings leaves the others as they are, and null brings a default back', async () => {
    const { id } = await make({ settings: { pageSize: 50, maxPages: 3 } });
    const { body } = await call('PATCH', `/${id}`, { name: 'renamed', settings: { pageSize: null, lookBackDays: 9 } });
    expect(body).toMatchObject({ name: 'renamed', settings: { maxPages: 3, lookBackDays: 9 } });
    expect(body.settings).not.toHaveProperty('pageSize');
    expect((await call('PATCH', `/${id}`, { settings: { pageSize: 'many' } })).status).toBe(400);
    expect((await call('PATCH', `/${id}`, {})).status).toBe(400);
    expect((await call('GET', `/${id}`)).body.settings).toEqual({ maxPages: 3, lookBackDays: 9 });
  });

  it('of the host needs the credentials anew: else their reader would only have to send them home', async () => {
    const { id } = await make();
    const settings = { baseUrl: 'https://collector.example.com/api/' };
    const { status, body } = await call('PATCH', `/${id}`, { settings });
    expect([status, body.errors]).toMatchObject([400, [{ field: 'credentials' }]]);
    expect((await call('PATCH', `/${id}`, { settings, credentials: good.credentials })).status).toBe(200);
    const sameHost = { settings: { baseUrl: 'https://collector.example.com/api/v2/' } };
    expect((await call('PATCH', `/${id}`, sameHost)).status).toBe(200);
    expect((await call('PATCH', `/${id}`, { settings: { baseUrl: null } })).status).toBe(400);
  });

  it('of the credentials throws the old tokens away, and ends needs_reauth', async () => {
    const { id } = await make();
    const owner = ownedBy(ours, id);
    const tokens = { accessToken: 'old', refreshToken: 'older', expiresAt: '2030-01-01T00:00:00.000Z' };
    await storeTokens(bed.db, vault(), owner, crypto.randomUUID(), { tokens, credentials: good.credentials });
    await sql`update connections set status = 'needs_reauth', status_reason = 'refused', token_failures = 3,
      token_lease_holder = gen_random_uuid(), token_lease_until = now() + interval '1 minute' where id = ${id}`.execute(
      bed.db,
    );
    const credentials = { ...good.credentials, clientSecret: 'another' };
    const { body } = await call('PATCH', `/${id}`, { credentials });
    expect(body).toMatchObject({ status: 'active', statusReason: null });
    expect(await readSecrets(bed.db, vault(), owner)).toMatchObject({ credentials, tokens: undefined });
    const { rows } = await sql`select token_failures, token_lease_holder from connections where id = ${id}`.execute(
      bed.db,
    );
    expect(rows).toEqual([{ token_failures: 0, token_lease_holder: null }]);
  });
});

describe('what a connector has found out about the account', () => {
  const databaseId = '1f2a7c10-0000-4000-8000-0000000000db';
  const database = {
    ...{ databaseId, dataSourceId: databaseId, drift: ['the property "Status" for status was removed'] },
    properties: { name: null, contact_email: null, products_services: null, status: null },
  };
  const notion = { connector: 'notion', credentials: { apiKey: 'ntn_secret' }, settings: { databaseId } };

  it('is not to be given, but may be sent back, or taken away to be found out anew', async () => {
    const settings = { databaseId, database };
    const refused = await call('POST', '', { ...notion, name: 'knows better', settings });
    expect([refused.status, refused.body.errors]).toMatchObject([400, [{ field: 'settings.database' }]]);
    const { id } = await make(notion);
    const change = (given: object) => call('PATCH', `/${id}`, { settings: given });
    expect((await change({ database })).body.errors).toMatchObject([{ field: 'settings.database' }]);
    expect((await call('GET', `/${id}`)).body).toMatchObject({ settings: { databaseId }, notices: [] });

    await sql`update connections set settings = ${JSON.stringify(settings)}::jsonb where id = ${id}`.execute(bed.db);
    expect((await call('GET', `/${id}`)).body.notices).toEqual(database.drift);
    const { status, body } = await change({ ...settings, pageSize: 50 });
    expect([status, body.settings]).toEqual([200, { ...settings, pageSize: 50 }]);
    const other = { ...database, dataSourceId: '1f2a7c10-0000-4000-8000-0000000000dc' };
    expect((await change({ database: other })).status).toBe(400);
    expect((await change({ database: null })).body).toMatchObject({ settings: { databaseId }, notices: [] });
  });
});

describe('where nothing starts by itself', () => {
  const nextOf = async (at: RunningApi, id: string) =>
    JSON.parse((await ask(at, ours.keys.admin, `/api/v1/connections/${id}`)).text).nextSyncAt;

  it('a connection has no next sync: the scheduler is off', async () => {
    const { id } = await make();
    expect(await nextOf(api, id)).toEqual(expect.any(String));
    const quiet = await runningApi(bed, { ...environment, ENABLE_SYNC_SCHEDULER: 'false' });
    const next = await nextOf(quiet, id);
    await quiet.stop();
    expect(next).toBeNull();
  });

  it('a connection has no next sync: its organization is stopped', async () => {
    const { id } = await make();
    const stop = (at: string | null) =>
      sql`update organizations set stopped_at = ${at} where id = ${ours.organizationId}`.execute(bed.db);
    await stop('now');
    const next = await nextOf(api, id);
    await stop(null);
    expect([next, await nextOf(api, id)]).toEqual([null, expect.any(String)]);
  });
});

describe('a paused connection', () => {
  it('refuses triggers and has no next sync, until it is resumed', async () => {
    const { id } = await make();
    const paused = await call('POST', `/${id}/pause`, undefined, ours.keys.operator);
    expect(paused.body).toMatchObject({ status: 'paused', nextSyncAt: null });
    expect(paused.body.statusReason).toMatch(/^by API key /);
    const refused = await trigger(id);
    expect([refused.status, JSON.parse(refused.text).code]).toEqual([409, 'CONNECTION_NOT_READY']);
    await call('PATCH', `/${id}`, { credentials: good.credentials });
    expect((await call('GET', `/${id}`)).body.status).toBe('paused');
    expect((await call('POST', `/${id}/pause`)).status).toBe(200);
    expect((await call('POST', `/${id}/resume`)).body).toMatchObject({ status: 'active', statusReason: null });
    expect((await trigger(id)).status).toBeLessThan(300);
  });
});

describe('a deleted connection', () => {
  const log = createLog('test', 'silent', 'boot');
  const erase = () => eraseDeleted({ db: bed.db, connectors, log }, 30);

  async function synced(tenant: Tenant) {
    const { id, name } = await make({}, tenant.keys.admin);
    await sql`insert into accounts (organization_id, connection_id, pp_account_id, pp_data)
      select ${tenant.organizationId}, ${id}, n::text, '{}' from generate_series(1, 4500) n`.execute(bed.db);
    await sql`insert into contacts (organization_id, connection_id, pp_contact_id, pp_data, account_id)
      select organization_id, connection_id, pp_account_id, '{}', id from accounts where connection_id = ${id}`.execute(
      bed.db,
    );
    return { id, name };
  }
  const rows = (id: string) =>
    count(sql`select (select count(*) from accounts where connection_id = ${id})
      + (select count(*) from contacts where connection_id = ${id}) as n`);
  const leftovers = (id: string) =>
    count(sql`select (select count(*) from connections where id = ${id}) + (select count(*) from sync_jobs
      where connection_id = ${id}) + (select count(*) from sync_schedules where connection_id = ${id}) as n`);

  it('is gone at once, with its secrets, its schedules and its running sync', async () => {
    const { id, name } = await synced(ours);
    const started = JSON.parse((await trigger(id)).text);
    expect((await call('DELETE', `/${id}`)).status).toBe(400);
    const { status, body } = await call('DELETE', `/${id}?data=delete`);
    expect([status, body]).toEqual([202, { id, deleted: true, data: 'delete' }]);
    for (const path of ['', '/circuit']) expect((await call('GET', `/${id}${path}`)).status).toBe(404);
    expect((await trigger(id)).status).toBe(404);
    expect((await call('DELETE', `/${id}?data=keep`)).status).toBe(404);
    expect((await call('GET', '')).text).not.toContain(id);
    const kept = await sql`select credentials, tokens, status from connections where id = ${id}`.execute(bed.db);
    expect(kept.rows).toEqual([{ credentials: null, tokens: null, status: 'paused' }]);
    const job = await sql`select status from sync_jobs where id = ${started.jobId}`.execute(bed.db);
    expect(job.rows).toEqual([{ status: 'cancelled' }]);
    await make({ name });
  });

  it('loses its rows in batches, and nobody else loses any', async () => {
    const [doomed, neighbour] = [await synced(ours), await synced(theirs)];
    await call('DELETE', `/${doomed.id}?data=delete`);
    expect(await rows(doomed.id)).toBe(9_000);
    await erase();
    expect([await rows(doomed.id), await leftovers(doomed.id)]).toEqual([0, 0]);
    expect(await rows(neighbour.id)).toBe(9_000);
    expect(await leftovers(neighbour.id)).toBeGreaterThan(0);
    expect((await call('GET', `/${neighbour.id}`, undefined, theirs.keys.viewer)).status).toBe(200);
  });

  it('leaves its rows where that was asked for', async () => {
    const { id } = await synced(ours);
    await call('DELETE', `/${id}?data=keep`);
    await erase();
    expect([await rows(id), await leftovers(id)]).toEqual([9_000, 0]);
  });

  it('takes a sync with it that was started at the same moment', async () => {
    const { id } = await synced(ours);
    await call('DELETE', `/${id}?data=delete`);
    await sql`insert into sync_jobs (organization_id, connection_id, sync_type, mode, trigger, status)
      values (${ours.organizationId}, ${id}, 'full', 'full', 'manual', 'running')`.execute(bed.db);
    await erase();
    expect([await rows(id), await leftovers(id)]).toEqual([0, 0]);
  });

  it('that cannot be erased waits without holding up the others, and says why', async () => {
    const [stuck, other] = [await synced(ours), await synced(ours)];
    await sql`create table deals (account uuid references accounts (id))`.execute(bed.db);
    await sql`insert into deals select id from accounts where connection_id = ${stuck.id} limit 1`.execute(bed.db);
    for (const { id } of [stuck, other]) await call('DELETE', `/${id}?data=delete`);
    await erase();
    expect(await leftovers(other.id)).toBe(0);
    const reason = () => sql`select status_reason from connections where id = ${stuck.id}`.execute(bed.db);
    expect((await reason()).rows).toMatchObject([{ status_reason: expect.stringMatching(/^not erased: .*deals/) }]);
    await sql`drop table deals`.execute(bed.db);
    await erase();
    expect(await leftovers(stuck.id), 'not every few seconds').toBe(1);
    await sql`update connections set updated_at = now() - interval '1 hour' where id = ${stuck.id}`.execute(bed.db);
    await erase();
    expect([await rows(stuck.id), await leftovers(stuck.id)]).toEqual([0, 0]);
  });

  it('is erased to the end, however often that is broken off', async () => {
    const { id } = await synced(ours);
    await call('DELETE', `/${id}?data=delete`);
    let rounds = 0;
    // No time at all: each round does one batch.
    for (; (await leftovers(id)) !== 0; rounds += 1) await eraseDeleted({ db: bed.db, connectors, log }, 0);
    expect(rounds).toBeGreaterThan(2);
    expect(await rows(id)).toBe(0);
  });
});

describe('the history of a connection', () => {
  const broker = {
    ...{ connector: 'irelandpay', credentials: { apiKey: secret } },
    settings: { baseUrl: 'http://127.0.0.1:1/api/v1/', historyFrom: '2026-01' },
  };
  const history = async (id: string, what = '', key = ours.keys.operator) =>
    call(what === '' ? 'GET' : 'POST', `/${id}/history${what && `/${what}`}`, undefined, key);

  it('is started, told, paused and goes on, and that is in the audit log', async () => {
    const { id } = await make(broker);
    expect((await history(id)).body).toMatchObject({ id: null, connectionId: id, state: 'none', percent: 0 });
    const { status, body } = await history(id, 'start');
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...{ state: 'running', phase: 'reading', percent: 0 }, from: '2026-01', error: null });
    expect(body.window).toBe(body.to);
    // A sync that somebody wants is not refused because of it.
    const triggered = await ask(api, ours.keys.operator, '/api/v1/sync/trigger', {
      ...{ method: 'POST', body: { connection_id: id } },
    });
    expect(triggered.status).toBe(200);
    expect((await history(id)).body).toMatchObject({ id: body.id, phase: 'waiting', jobId: null });
    expect((await history(id, 'pause')).body).toMatchObject({ state: 'paused', eta: null });
    expect((await history(id, 'start', ours.keys.viewer)).status).toBe(403);
    expect((await history(id, 'start', theirs.keys.operator)).status).toBe(404);
    expect((await history(id, 'start')).body).toMatchObject({ id: body.id, state: 'running', pausedBy: null });
    const entries = sql<{ n: number }>`select count(*) as n from audit_log
      where subject_id = ${id} and action in ('history.start', 'history.pause', 'history.resume')`;
    expect(await count(entries)).toBe(3);
  });

  it('is none of a connector that reads everything at once', async () => {
    const { id } = await make();
    expect((await history(id)).body).toMatchObject({ state: 'none', window: null });
    for (const what of ['start', 'pause']) {
      expect(await history(id, what)).toMatchObject({ status: 409, body: { code: 'NO_HISTORY' } });
    }
  });
});
