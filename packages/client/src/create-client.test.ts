import { randomUUID } from 'node:crypto';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { oneConnection, type RunningApi, runningApi } from '../../../apps/api/testing/running-api.js';
import { createClient, type Schemas, type SynclineClient } from './create-client.js';
import type { SynclineError } from './syncline-error.js';

let bed: TestBed;
let api: RunningApi;
let client: SynclineClient;
beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, oneConnection);
  client = createClient({ baseUrl: `${api.url}/`, key: bed.adminKey });
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});

const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => expect.unreachable('it should have failed'),
    (error: SynclineError) => error,
  );

describe('an answer', () => {
  it('is what the document says, parsed and typed', async () => {
    const { data } = await client.GET('/api/v1/connections');
    expectTypeOf(data).toEqualTypeOf<Schemas['Connection'][]>();
    expect(data).toMatchObject([{ connector: 'practicepanther', status: 'active' }]);
    const id = data[0]?.id ?? '';
    expect(await client.GET('/api/v1/connections/{id}', { params: { path: { id } } })).toEqual(data[0]);

    const made = await client.POST('/api/v1/api-keys', { body: { name: 'typed', role: 'viewer' } });
    const own = createClient({ baseUrl: api.url, key: async () => made.key });
    const { pagination } = await own.GET('/api/v1/failed-items', { params: { query: { status: 'open', limit: 5 } } });
    expect(pagination).toEqual({ page: 1, limit: 5, total: 0, totalPages: 0 });
    const params = { path: { id: made.id } };
    expectTypeOf(await client.DELETE('/api/v1/api-keys/{id}', { params })).not.toBeAny();
    expect(await failureOf(own.GET('/api/v1/connections'))).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
  });

  it('cannot be asked for in ways that the document does not have', () => {
    void (() => {
      // @ts-expect-error: no such path
      client.GET('/api/v1/nothing');
      // @ts-expect-error: not by this method
      client.POST('/api/v1/connections/{id}/circuit');
      // @ts-expect-error: which one?
      client.GET('/api/v1/connections/{id}');
      // @ts-expect-error: no such kind of sync
      client.POST('/api/sync/trigger', { body: { syncType: 'everything' } });
      // @ts-expect-error: no such status
      client.GET('/api/v1/failed-items', { params: { query: { status: 'lost' } } });
    });
  });

  it('can be had as text, where no digit of a record may be lost, and a record be sent as text', async () => {
    const [connection] = (await client.GET('/api/v1/connections')).data;
    const payload = '{"id":"t1","amount":12345678901234567.89}';
    const { rows } = await sql<{ id: string }>`
      insert into sync_failed_items (organization_id, connection_id, entity, kind, vendor_id, error_code, message, payload)
      select organization_id, id, 'tasks', 'record', 't1', 'RECORD_INVALID', 'm', ${payload}::jsonb
      from connections where id = ${connection?.id ?? ''} returning id`.execute(bed.db);
    const params = { path: { id: rows[0]?.id ?? '' } };
    const text = await client.GET('/api/v1/failed-items/{id}', { params, parseAs: 'text' });
    expect(text).toContain('12345678901234567.89');
    const edited = '{"payload":{"id":"t1","amount":98765432109876543.21}}';
    await client.PATCH('/api/v1/failed-items/{id}', {
      params,
      body: { payload: {} },
      bodySerializer: () => edited,
    });
    expect(await client.GET('/api/v1/failed-items/{id}', { params, parseAs: 'text' })).toContain(
      '98765432109876543.21',
    );
  });
});

describe('an error', () => {
  it('has the code, and all that the API says of it', async () => {
    const error = await failureOf(client.GET('/api/v1/connections/{id}', { params: { path: { id: randomUUID() } } }));
    expect(error).toMatchObject({
      ...{ name: 'SynclineError', code: 'CONNECTION_NOT_FOUND', status: 404, retryAfterSeconds: null },
      ...{
        detail: 'There is no connection with this id',
        hint: expect.stringMatching(/./),
        requestId: expect.any(String),
      },
    });
    expect(error.message).toContain('There is no connection with this id');
    if (error.code === 'CONNECTION_NOT_FOUND') expectTypeOf(error.code).toBeString();
  });

  it('names the fields that are wrong', async () => {
    const error = await failureOf(client.GET('/api/v1/failed-items', { params: { query: { limit: 1_000 } } }));
    expect(error).toMatchObject({ code: 'VALIDATION_FAILED', fields: [{ field: 'limit' }] });
  });

  it('names the sync that runs already, also on the paths that speak the words of a guide', async () => {
    const started = await client.POST('/api/sync/trigger', { body: { syncType: 'full' } });
    const { jobId } = started;
    const again = await failureOf(client.POST('/api/sync/trigger', { body: { syncType: 'full' } }));
    expect(again).toMatchObject({ code: 'SYNC_ALREADY_RUNNING', status: 409, runningJobId: jobId });
    const guide = await failureOf(client.POST('/api/v1/sync/trigger', { body: {} }));
    expect(guide).toMatchObject({ code: 'SYNC_ALREADY_RUNNING', status: 409, runningJobId: jobId });
    expect(guide.detail).not.toBe('');
    await client.POST('/api/v1/sync/jobs/{id}/cancel', { params: { path: { id: jobId } } });
  });

  it('says so when nobody is there', async () => {
    const nobody = createClient({ baseUrl: 'http://127.0.0.1:1', key: 'k', retries: 0 });
    const error = await failureOf(nobody.GET('/api/v1/connections'));
    expect(error).toMatchObject({ code: 'UNREACHABLE', status: 0, cause: expect.any(Error) });
    expect(error.message).not.toContain('Bearer');
  });
});

describe('who asks', () => {
  it('names an organization where the key is good for several, for all requests or for one', async () => {
    const slug = `o${randomUUID().slice(0, 8)}`;
    await client.POST('/api/v1/organizations', { body: { slug, name: 'Another' } });
    const other = createClient({ baseUrl: api.url, key: bed.adminKey, organization: slug });
    expect((await other.GET('/api/v1/connections')).data).toEqual([]);
    const params = { header: { 'X-Organization-ID': 'default' } };
    expect((await other.GET('/api/v1/connections', { params })).data).toHaveLength(1);
  });

  it('is known by a cookie of the page where there is no key, and sends none where there is one', async () => {
    const seen: Request[] = [];
    const fetch = async (request: Request) => {
      seen.push(request);
      return new Response('{"data":[]}', { headers: { 'content-type': 'application/json' } });
    };
    await createClient({ baseUrl: api.url, fetch }).GET('/api/v1/connections');
    await createClient({ baseUrl: api.url, fetch, key: 'k' }).GET('/api/v1/connections');
    expect(seen.map(({ credentials }) => credentials)).toEqual(['same-origin', 'omit']);
    expect(seen.map(({ headers }) => headers.get('authorization'))).toEqual([null, 'Bearer k']);
    expect(() => createClient()).toThrow(/needs a baseUrl/);
    // As in workers of an edge, which would refuse a request that speaks of cookies.
    const { credentials } = Object.getOwnPropertyDescriptors(Request.prototype);
    Reflect.deleteProperty(Request.prototype, 'credentials');
    let init: RequestInit | undefined;
    vi.stubGlobal(
      'Request',
      class extends Request {
        constructor(input: ConstructorParameters<typeof Request>[0], given?: RequestInit) {
          super(input, given);
          init = given;
        }
      },
    );
    try {
      await createClient({ baseUrl: api.url, fetch, key: 'k' }).GET('/api/v1/connections');
    } finally {
      vi.unstubAllGlobals();
      Object.defineProperty(Request.prototype, 'credentials', credentials);
    }
    expect(init).toEqual({});
  });
});
