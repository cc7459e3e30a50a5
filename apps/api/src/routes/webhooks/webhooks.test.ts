import { createHash, createHmac, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { createVault } from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningApi, runningApi } from '../../../testing/running-api.js';
import { loggedPath } from '../../logged-path.js';

type Row = Record<string, unknown>;

const secret = 'secret_of-the-environment';
const databaseId = '1f2a7c10-0000-4000-8000-0000000000db';

let bed: TestBed;
let api: RunningApi;
let id: string;
beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, {
    ...{ NOTION_API_KEY: 'ntn_key-of-the-environment', NOTION_DATABASE_ID: databaseId, NOTION_WEBHOOK_SECRET: secret },
    ...{ NOTION_BASE_URL: 'http://127.0.0.1:1/v1/', SYNCLINE_EGRESS_ALLOW: '127.0.0.1:1' },
  });
  ({ id } = await bed.db.selectFrom('connections').select('id').executeTakeFirstOrThrow());
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});
beforeEach(async () => {
  await sql`delete from webhook_deliveries`.execute(bed.db);
});

const event = (over: object = {}) => ({
  ...{ id: randomUUID(), type: 'page.properties_updated', timestamp: new Date().toISOString() },
  ...{ entity: { id: randomUUID(), type: 'page' }, data: { parent: { id: databaseId, type: 'database' } } },
  ...over,
});

const signed = (bytes: string | Buffer, key = secret) =>
  `sha256=${createHmac('sha256', key).update(bytes).digest('hex')}`;

async function post(body: string | Buffer, headers: Record<string, string> = {}, path = '') {
  const response = await fetch(`${api.url}/api/webhooks/notion${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text) as Row, headers: response.headers };
}

const deliver = (body: object, key = secret, headers: Record<string, string> = {}, path = '') => {
  const bytes = JSON.stringify(body);
  return post(bytes, { 'x-notion-signature': signed(bytes, key), ...headers }, path);
};

const ledger = async () => (await sql<Row>`select * from webhook_deliveries order by id`.execute(bed.db)).rows;
const setUp = async (method = 'GET') => (await api.send(method, `/api/v1/connections/${id}/webhook`)).body;
const healthOf = async () => (await api.get('/api/webhooks/notion/health')).body.data.connections[0];

describe('a delivery', () => {
  it('that is signed needs no key of ours, and is in the ledger before it is answered', async () => {
    const told = event();
    const answer = await deliver(told);
    expect(answer).toMatchObject({ status: 200, body: { success: true, message: 'Received' } });
    const [row] = await ledger();
    expect(row).toMatchObject({ event_id: told.id, vendor_id: told.entity.id, connection_id: id, status: 'pending' });
    expect(await deliver(event(), secret, {}, `/${id}`)).toMatchObject({ status: 200 });
    expect(await ledger()).toHaveLength(2);
  });

  it('is judged by its bytes, however its JSON is written', async () => {
    const bytes = `  ${JSON.stringify(event(), null, 3)}\n`;
    expect(await post(bytes, { 'x-notion-signature': signed(bytes) })).toMatchObject({ status: 200 });
    const other = JSON.stringify(JSON.parse(bytes));
    expect(await post(other, { 'x-notion-signature': signed(bytes) })).toMatchObject({ status: 401 });
    expect(await ledger()).toHaveLength(1);
  });

  it.each<[string, (bytes: string) => Record<string, string>]>([
    ['no signature', () => ({})],
    ['one of another secret', (bytes) => ({ 'x-notion-signature': signed(bytes, 'secret_of-somebody-else') })],
    ['one in upper case', (bytes) => ({ 'x-notion-signature': signed(bytes).toUpperCase() })],
    ['one that was cut', (bytes) => ({ 'x-notion-signature': signed(bytes).slice(0, -1) })],
    ['one without its prefix', (bytes) => ({ 'x-notion-signature': signed(bytes).slice(7) })],
    [
      'a time of six minutes ago',
      (bytes) => ({
        'x-notion-signature': signed(bytes),
        'x-notion-timestamp': `${Math.floor(Date.now() / 1000) - 360}`,
      }),
    ],
    [
      'a time of six minutes ahead',
      (bytes) => ({ 'x-notion-signature': signed(bytes), 'x-notion-timestamp': `${Date.now() + 360_000}` }),
    ],
    ['no readable time', (bytes) => ({ 'x-notion-signature': signed(bytes), 'x-notion-timestamp': 'now' })],
  ])('is refused with %s, counted, and leaves nothing behind', async (_what, headers) => {
    const before = await healthOf();
    const bytes = JSON.stringify(event());
    const answer = await post(bytes, headers(bytes));
    expect(answer).toMatchObject({ status: 401, body: { code: 'WEBHOOK_REFUSED' } });
    expect(await ledger()).toEqual([]);
    const after = await healthOf();
    expect(after.refused).toBe(before.refused + 1);
    expect(after.lastRefused.reason).toBe(answer.body['detail']);
  });

  it('may say when it was sent', async () => {
    const now = { 'x-notion-timestamp': new Date().toISOString() };
    expect(await deliver(event(), secret, now)).toMatchObject({ status: 200 });
  });

  it('that is replayed counts once; one that is older than the ledger is refused', async () => {
    const told = event();
    expect(await deliver(told)).toMatchObject({ status: 200 });
    expect(await deliver(told)).toMatchObject({ status: 200 });
    expect(await ledger()).toHaveLength(1);
    const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString();
    expect(await deliver(event({ timestamp: days(-2) }))).toMatchObject({ status: 200 });
    expect(await deliver(event({ timestamp: days(-4) }))).toMatchObject({ status: 401 });
    expect(await deliver(event({ timestamp: days(1) }))).toMatchObject({ status: 401 });
    expect(await ledger()).toHaveLength(2);
  });

  it('of an unknown kind, or that cannot be read, is taken and counted: a refusal would bring it back for a day', async () => {
    const before = await healthOf();
    for (const told of [event({ type: 'view.created' }), { id: 7 }, []]) {
      expect(await deliver(told)).toMatchObject({ status: 200 });
    }
    expect((await healthOf()).ignored.unknownType).toBe(before.ignored.unknownType + 3);
    expect(await ledger()).toEqual([]);
    const noJson = 'no JSON';
    expect(await post(noJson, { 'x-notion-signature': signed(noJson) })).toMatchObject({ status: 400 });
  });

  it('has limits', async () => {
    const large = JSON.stringify(event({ more: 'x'.repeat(300_000) }));
    expect(await post(large, { 'x-notion-signature': signed(large) })).toMatchObject({ status: 413 });
    const bytes = JSON.stringify(event());
    const right = { 'x-notion-signature': signed(bytes) };
    expect(await post(bytes, { ...right, 'content-type': 'text/plain' })).toMatchObject({ status: 400 });
    expect(await post(bytes, { ...right, 'content-encoding': 'gzip' })).toMatchObject({ status: 400 });
    expect(await post('', right)).toMatchObject({ status: 401 });
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(await post(deep, { 'x-notion-signature': signed(deep) })).toMatchObject({ status: 200 });
    expect(await ledger()).toEqual([]);
  });

  it('that Postgres cannot hold is refused, and those that came with it are not', async () => {
    const odd = event({ id: 'nul \u0000' });
    const answers = await Promise.all([...Array.from({ length: 20 }, () => deliver(event())), deliver(odd)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 20 }, () => 200), 400]);
    expect(await ledger()).toHaveLength(20);
  });

  it('with two signatures is refused, be one of them right', async () => {
    const bytes = JSON.stringify(event());
    const { hostname, port } = new URL(api.url);
    const line = `x-notion-signature: ${signed(bytes)}\r\n`;
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(`POST /api/webhooks/notion HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\n${line}${line}`);
        socket.write(`content-type: application/json\r\ncontent-length: ${bytes.length}\r\n\r\n${bytes}`);
      });
      let got = '';
      socket.on('data', (chunk) => {
        got += chunk;
      });
      socket.on('end', () => resolve(got));
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('for nobody is told so', async () => {
    expect(await deliver(event(), secret, {}, `/${randomUUID()}`)).toMatchObject({ status: 404 });
    expect(await deliver(event(), secret, {}, '/none')).toMatchObject({ status: 404 });
    const response = await fetch(`${api.url}/api/webhooks/cliniko`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(response.status).toBe(404);
  });
});

describe('the health of webhooks', () => {
  it('tells whether there is a key, what has come, and how long it took', async () => {
    await deliver(event());
    const { status, body } = await api.get('/api/webhooks/notion/health');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      success: true,
      data: {
        ...{ configured: true, verified: true, lastDelivery: expect.stringMatching(/Z$/) },
        connections: [{ connectionId: id, name: 'environment', pending: 1, lag: { settled: 0 } }],
      },
    });
    expect(JSON.stringify(body)).not.toContain('secret_');
  });

  it('is told for the last day, of every connection that may have webhooks', async () => {
    const day = async () => (await api.get('/api/v1/webhooks')).body.data;
    const [before] = await day();
    await deliver(event());
    await deliver(event());
    await sql`update webhook_deliveries set status = 'done', outcome = 'failed', settled_at = now()
      where id = (select max(id) from webhook_deliveries)`.execute(bed.db);
    // A day ago nobody asks about.
    await sql`insert into webhook_hours (connection_id, hour, organization_id, received)
      select id, date_trunc('hour', now() - interval '30 hours'), organization_id, 99 from connections where id = ${id}
      on conflict do nothing`.execute(bed.db);
    const [after, ...others] = await day();
    expect(others).toEqual([]);
    expect(after).toMatchObject({
      ...{ connectionId: id, connector: 'notion', proof: 'signature', path: `/api/webhooks/notion/${id}` },
      ...{ verifiedAt: expect.any(String), lastDeliveryAt: expect.any(String), lagSeconds: expect.any(Number) },
      ...{ received: before.received + 2, processed: 0, failed: 1 },
    });
    await sql`update webhook_deliveries set status = 'done', outcome = 'written', settled_at = now()
      where status = 'pending'`.execute(bed.db);
    expect((await day())[0]).toMatchObject({ processed: 1, failed: 1, lagSeconds: null });
  });

  it('is told of one connection alone, for whoever asks for one', async () => {
    const of = async (connectionId: string) =>
      (await api.get(`/api/webhooks/notion/health?connectionId=${connectionId}`)).body.data.connections;
    expect(await of(id)).toMatchObject([{ connectionId: id }]);
    expect(await of('00000000-0000-4000-8000-000000000000')).toEqual([]);
  });

  it('includes what became of each delivery, page by page, and nothing of what it said', async () => {
    const path = `/api/v1/connections/${id}/webhook/deliveries`;
    for (let i = 0; i < 5; i += 1) await deliver(event());
    // As if all had come at one moment.
    await sql`update webhook_deliveries set received_at = now()`.execute(bed.db);
    const all = await ledger();
    await sql`update webhook_deliveries set status = 'done', outcome = 'written', settled_at = now()
      where id = ${all[4]?.['id']}`.execute(bed.db);
    await sql`update webhook_deliveries set vendor_id = '2026-03', span = '{"from":"2026-03-01"}'
      where id = ${all[3]?.['id']}`.execute(bed.db);
    const seen: Row[] = [];
    let cursor = '';
    do {
      const { body } = await api.get(`${path}?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.data);
      cursor = body.nextCursor ?? '';
    } while (cursor !== '');
    expect(seen.map((one) => one['id'])).toEqual(all.map((one) => one['id']).reverse());
    expect(seen.slice(0, 3)).toMatchObject([
      { status: 'done', outcome: 'written', settledAt: expect.any(String), type: 'page.properties_updated' },
      { status: 'pending', outcome: null, vendorId: null },
      { status: 'pending', vendorId: all[2]?.['vendor_id'], attempts: 0, receivedAt: expect.stringMatching(/Z$/) },
    ]);
    const count = async (outcome: string) => (await api.get(`${path}?outcome=${outcome}`)).body.data.length;
    expect([await count('open'), await count('written'), await count('failed')]).toEqual([4, 1, 0]);
    expect((await api.get(`${path}?cursor=x`)).status).toBe(400);
    expect((await api.get(`${path.replace(id, '00000000-0000-4000-8000-000000000000')}`)).status).toBe(404);
  });

  it('is told to nobody without a key', async () => {
    const response = await fetch(`${api.url}/api/webhooks/notion/health`);
    expect(response.status).toBe(401);
  });
});

describe('while Postgres takes nothing', () => {
  afterEach(() => sql`alter table webhook_deliveries_away rename to webhook_deliveries`.execute(bed.db));

  it('a delivery is not acknowledged, and is there when it is sent again', async () => {
    const told = event();
    await sql`alter table webhook_deliveries rename to webhook_deliveries_away`.execute(bed.db);
    expect((await deliver(told)).status).toBeGreaterThanOrEqual(500);
  });
});

describe('the handshake', () => {
  const token = 'secret_offered-by-the-vendor';
  const offer = (key: string, headers: Record<string, string> = {}) =>
    post(JSON.stringify({ verification_token: key }), headers);

  it('is refused as long as nobody awaits it', async () => {
    expect(await offer('secret_of-an-attacker')).toMatchObject({ status: 409, body: { code: 'WEBHOOK_NOT_AWAITED' } });
    expect(await deliver(event(), 'secret_of-an-attacker')).toMatchObject({ status: 401 });
  });

  it('keeps the token, shows it until it is proved, and keeps it encrypted', async () => {
    expect(await setUp('POST')).toMatchObject({
      ...{ awaitingUntil: expect.any(String), handshakeAt: null, verificationToken: null },
      path: `/api/webhooks/notion/${id}`,
    });
    const wrong = { 'x-notion-signature': signed('{}', token) };
    expect(await offer(token, wrong)).toMatchObject({ status: 401 });
    expect(await offer(token)).toMatchObject({ status: 200 });
    expect(await setUp()).toMatchObject({ awaitingUntil: null, verifiedAt: null, verificationToken: token });
    // The vendor may not have heard the answer; nobody else may offer one.
    expect(await offer(token)).toMatchObject({ status: 200 });
    expect(await offer('secret_of-an-attacker')).toMatchObject({ status: 409 });
    const { rows } = await sql<Row>`select webhook_keys from connections where id = ${id}`.execute(bed.db);
    expect(String(rows[0]?.['webhook_keys'])).not.toContain(token);

    expect(await deliver(event(), token)).toMatchObject({ status: 200 });
    expect(await setUp()).toMatchObject({ verifiedAt: expect.any(String), verificationToken: null });
    expect(await deliver(event())).toMatchObject({ status: 200 });
  });

  it('with another token leaves the one before for a day, and no longer', async () => {
    const next = 'secret_the-next-one-of-the-vendor';
    await setUp('POST');
    const bytes = JSON.stringify({ verification_token: next });
    expect(await offer(next, { 'x-notion-signature': signed(bytes, next) })).toMatchObject({ status: 200 });
    expect(await deliver(event(), token)).toMatchObject({ status: 200 });
    expect(await setUp()).toMatchObject({ verifiedAt: null, verificationToken: next });
    expect(await deliver(event(), next)).toMatchObject({ status: 200 });
    expect(await setUp()).toMatchObject({ verificationToken: null });
  });

  it('with a token that nothing has proved leaves the one before it that was, whoever had offered it', async () => {
    const proven = 'secret_the-next-one-of-the-vendor';
    const [unproven, last] = ['secret_of-somebody-who-was-faster', 'secret_the-last-one-of-the-vendor'];
    for (const one of [unproven, last]) {
      await setUp('POST');
      expect(await offer(one)).toMatchObject({ status: 200 });
    }
    expect(await deliver(event(), proven)).toMatchObject({ status: 200 });
    expect(await deliver(event(), unproven)).toMatchObject({ status: 401 });
    expect(await deliver(event(), last)).toMatchObject({ status: 200 });
  });

  it('is accepted for a connection that was made a moment ago, at the path of the organization', async () => {
    expect(await deliver(event())).toMatchObject({ status: 200 });
    const given = { connector: 'notion', name: 'another', credentials: { apiKey: 'ntn_another-key' } };
    const made = await api.send('POST', '/api/v1/connections', { ...given, settings: { databaseId } });
    expect(made.status).toBe(201);
    const place = `/api/v1/connections/${made.body.id}`;
    await api.send('POST', `${place}/webhook`);
    expect(await offer('secret_of-the-other-connection')).toMatchObject({ status: 200 });
    expect(await api.send('DELETE', `${place}?data=keep`)).toMatchObject({ status: 202 });
  });

  it('is not needed for a key among the credentials, which stays when the others are changed', async () => {
    const given = { connector: 'notion', name: 'another', settings: { databaseId } };
    const [apiKey, webhookSecret] = ['ntn_another-key', 'secret_of-the-credentials'];
    const { body: made } = await api.send('POST', '/api/v1/connections', {
      ...given,
      credentials: { apiKey, webhookSecret },
    });
    const place = `/api/v1/connections/${made.id}`;
    const change = (credentials: object) => api.send('PATCH', place, { credentials });
    const isConfigured = async () => (await api.get(`${place}/webhook`)).body.configured;
    expect((await change({ apiKey: 'ntn_a-new-key' })).status).toBe(200);
    expect(await isConfigured()).toBe(true);
    expect(await deliver(event(), webhookSecret, {}, `/${made.id}`)).toMatchObject({ status: 200 });
    expect((await change({ webhookSecret: 'secret_of-the-credentials-2' })).status).toBe(400);
    const proved = async () => (await api.get(`${place}/webhook`)).body.verifiedAt;
    expect((await change({ apiKey, webhookSecret })).status).toBe(200);
    expect(await proved()).not.toBeNull();
    expect((await change({ apiKey, webhookSecret: 'secret_of-the-credentials-2' })).status).toBe(200);
    expect(await proved()).toBeNull();
    expect((await change({ apiKey, webhookSecret: null })).status).toBe(200);
    expect(await isConfigured()).toBe(false);
    await api.send('DELETE', `${place}?data=keep`);
  });

  it('is forgotten when somebody says so, at once', async () => {
    expect(await setUp('DELETE')).toMatchObject({ configured: true, handshakeAt: null, verificationToken: null });
    expect((await setUp('POST')).awaitingUntil).not.toBeNull();
    await sql`update webhook_subscriptions set awaiting_until = now() - interval '1 second'`.execute(bed.db);
    expect(await offer(token)).toMatchObject({ status: 409 });
  });

  it('is noted in the audit log, without the token', async () => {
    const { rows } = await sql<Row>`select action, actor, details from audit_log order by id`.execute(bed.db);
    expect(rows.map(({ action }) => action)).toEqual(expect.arrayContaining(['webhook.await', 'webhook.key']));
    expect(JSON.stringify(rows)).not.toContain('secret_');
  });
});

describe('a vendor that does not sign', () => {
  const month = new Date().toISOString().slice(0, 7);
  const [year, number] = month.split('-').map(Number);
  const published = (over: object = {}) => ({
    hook: { requestId: 1, event: 'residuals.report.published' },
    data: { reports: [{ id: 1, year, month: number, processor_id: 12, ...over }] },
  });
  let connection: string;
  let place: string;
  beforeAll(async () => {
    const given = { connector: 'irelandpay', name: 'broker', credentials: { apiKey: 'key-of-the-broker' } };
    const { body } = await api.send('POST', '/api/v1/connections', {
      ...given,
      settings: { baseUrl: 'http://127.0.0.1:1/api/v1/' },
    });
    connection = body.id;
    place = `/api/v1/connections/${connection}/webhook`;
  });
  const makePath = async () => String((await api.send('POST', place)).body.secretPath);
  const tell = async (path: string, body: object | string = published()) => {
    const response = await fetch(`${api.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const { requestId: _, timestamp: __, ...answer } = (await response.json()) as Row;
    return { status: response.status, answer };
  };
  const health = async () => (await api.get('/api/webhooks/irelandpay/health')).body.data.connections[0];

  it('is believed by its path alone, whose token is shown once and kept as a digest', async () => {
    expect((await api.get(place)).body).toMatchObject({ proof: 'path', configured: false, secretPath: null });
    const made = await api.send('POST', place);
    expect(made.headers.get('cache-control')).toBe('no-store');
    const path = String(made.body.secretPath);
    const base = `/api/webhooks/irelandpay/${connection}/`;
    expect(path).toMatch(new RegExp(`^${base}whk_[A-Za-z0-9_-]{43}$`));
    const token = path.slice(base.length);
    const after = await api.get(place);
    expect(after.body).toMatchObject({ configured: true, path: `${base}{token}`, secretPath: null, verifiedAt: null });
    expect(JSON.stringify([after.body, await health()])).not.toContain(token);
    const { rows } = await sql<Row>`select * from connections where id = ${connection}`.execute(bed.db);
    const [row] = rows;
    const keys = createVault([bed.encryptionKey]).open(
      { organizationId: String(row?.['organization_id']), connectionId: connection, purpose: 'webhook_keys' },
      { ciphertext: row?.['webhook_keys'] as Buffer, keyId: String(row?.['webhook_keys_key_id']) },
    );
    expect(JSON.stringify(keys)).not.toContain(token);
    expect(keys).toEqual({ newest: createHash('sha256').update(token).digest('hex') });

    const test = { hook: { requestId: 1, event: 'subscription.test' }, data: {} };
    expect(await tell(path, test)).toMatchObject({ status: 200 });
    expect(await health()).toMatchObject({ received: 1, verifiedAt: expect.any(String), ignored: { unknownType: 0 } });
    expect(await ledger()).toEqual([]);
    expect(await tell(path)).toMatchObject({ status: 200 });
    expect(await ledger()).toMatchObject([{ entity: 'residuals', vendor_id: expect.stringContaining(`${month}-01/`) }]);
    expect(await tell(path, 'no JSON')).toMatchObject({ status: 400 });
    expect(await tell(path, [])).toMatchObject({ status: 200 });
  });

  it('is nobody with another token, without one, or with somebody else’s: all are answered as if there were no connection', async () => {
    const path = await makePath();
    const before = await health();
    const nobody = await tell(`/api/webhooks/irelandpay/${randomUUID()}/${path.split('/').at(-1)}`);
    expect(nobody).toMatchObject({ status: 404, answer: { code: 'CONNECTION_NOT_FOUND' } });
    const shortened = path.slice(0, -1);
    const changed = `${shortened}${path.endsWith('A') ? 'B' : 'A'}`;
    const digest = createHash('sha256')
      .update(path.split('/').at(-1) ?? '')
      .digest('hex');
    const guesses = [
      shortened,
      changed,
      `${path}A`,
      path.replace(/[^/]+$/, digest),
      path.replace('irelandpay', 'notion'),
    ];
    for (const guess of [...guesses, path.replace(/\/[^/]+$/, ''), '/api/webhooks/irelandpay']) {
      expect(await tell(guess), guess).toEqual(nobody);
    }
    // One that signs is not let in by a path, whatever is in it.
    const bytes = JSON.stringify(event());
    expect(await post(bytes, { 'x-notion-signature': signed(bytes) }, `/${id}/${secret}`)).toMatchObject({
      status: 404,
    });
    expect(await ledger()).toEqual([]);
    expect((await health()).refused).toBe(before.refused + 4);
    expect((await health()).lastRefused.reason).toMatch(/token/);
  });

  it('that renews its path has a day for the old one, if that was in use; what is taken back ends at once', async () => {
    const used = await makePath();
    expect(await tell(used)).toMatchObject({ status: 200 });
    const unused = await makePath();
    const last = await makePath();
    expect(await tell(used)).toMatchObject({ status: 200 });
    expect(await tell(unused)).toMatchObject({ status: 404 });
    expect((await api.get(place)).body.verifiedAt).toBeNull();
    expect(await tell(last)).toMatchObject({ status: 200 });
    expect((await api.get(place)).body.verifiedAt).not.toBeNull();
    expect((await api.send('DELETE', place)).body).toMatchObject({ configured: false, verifiedAt: null });
    for (const path of [used, last]) expect(await tell(path)).toMatchObject({ status: 404 });
  });

  it('costs no more than a row for what there is to look at, however much is sent to it', async () => {
    const path = await makePath();
    const before = await health();
    const bodies = Array.from({ length: 120 }, (_, i) =>
      published({ revision: i, month: 1 + (i % 40), year: 2010 + i }),
    );
    const others = [published(), { ...published(), data: {} }, { hook: { event: 'chargeback.added' } }];
    const answers = await Promise.all([...bodies, ...others, ...others, ...others].map((body) => tell(path, body)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    await tell(path, others[1]);
    // Transactions of several deliveries at the same time do not see each other.
    const targets = new Set((await ledger()).map((row) => `${row['entity']} ${row['vendor_id']}`));
    expect((await ledger()).length).toBeLessThan(targets.size + 12);
    expect([...targets].filter((target) => !target.includes('/')).sort()).toEqual(['residuals ', 'transactions ']);
    // Of all months, those that are synced.
    expect(targets.size).toBeLessThan(12);
    const after = await health();
    expect(after.received - before.received).toBe(answers.length + 1);
    expect(after.duplicates - before.duplicates).toBeGreaterThan(0);
    const known = (await ledger()).length;
    for (const body of others) await tell(path, body);
    expect(await ledger()).toHaveLength(known);
  });

  it('is told to wait by an address that has guessed too often, and nobody is asked any more', async () => {
    const path = await makePath();
    const guess = () => tell(`/api/webhooks/irelandpay/${randomUUID()}/whk_guessed`);
    await eventually('too many guesses', async () => (await guess()).status === 429);
    expect(await tell(path)).toMatchObject({ status: 429, answer: { code: 'TOO_MANY_REQUESTS' } });
    await api.send('DELETE', `/api/v1/connections/${connection}?data=keep`);
  });
});

describe('what is logged of a path', () => {
  it.each([
    ['/api/webhooks/irelandpay/1/whk_S3CRET', '/api/webhooks/irelandpay/1/[redacted]'],
    ['/api//webhooks/irelandpay/1//S3CRET/more?x=S3CRET', '/api//webhooks/irelandpay/1//[redacted]'],
    ['http://host/API/WEBHOOKS/irelandpay/1/S3CRET', 'http://host/API/WEBHOOKS/irelandpay/1/[redacted]'],
    ['/whk_S3CRET/x', '/[redacted]/x'],
    ['/api/webhooks/irelandpay/whk%5FS3CRET', '/api/webhooks/irelandpay/[redacted]'],
    ['/api/webhooks/notion/health?x=1', '/api/webhooks/notion/health'],
    ['/api/v1/connections/1/webhook', '/api/v1/connections/1/webhook'],
  ])('%s', (url, logged) => {
    expect(loggedPath(url)).toBe(logged);
  });
});
