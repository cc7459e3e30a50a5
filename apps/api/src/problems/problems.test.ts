import { afterAll, beforeAll, expect, test } from 'vitest';
import { awayContext, withKey } from '../../testing/away-context.js';
import type { App } from '../api-context.js';
import { createServer } from '../create-server.js';
import { problemSchema } from './problem.js';

const ctx = awayContext();
let app: App;

beforeAll(async () => {
  app = await createServer(ctx);
  app.get('/test/bug', async () => {
    throw new Error('S3CRET internals');
  });
});
afterAll(async () => {
  await app.close();
  await ctx.close();
});

async function problem(options: {
  method?: 'GET' | 'POST' | 'PATCH';
  url: string;
  payload?: string | object;
  type?: string;
}) {
  const { method = 'GET', url, payload, type } = options;
  const headers = { ...withKey, ...(type === undefined ? {} : { 'content-type': type }) };
  const response = await app.inject({ method, url, payload, headers });
  expect(response.headers['content-type']).toBe('application/problem+json');
  const body = problemSchema.strict().parse(response.json());
  expect(body.status).toBe(response.statusCode);
  return { ...body, headers: response.headers };
}
const trigger = (payload: string | object, type?: string) =>
  problem({ method: 'POST', url: '/api/sync/trigger', payload, ...(type === undefined ? {} : { type }) });

test('every wrong field of a body is named, unknown ones too', async () => {
  const { code, errors } = await trigger({ syncType: 'invoices', mode: 'backfill', connectionId: 'x', dryRun: true });
  expect(code).toBe('VALIDATION_FAILED');
  expect(errors?.map(({ field }) => field)).toEqual(['syncType', 'mode', 'connectionId', 'dryRun']);
  expect(errors?.[0]?.message).toContain('"contacts"');
});

test('every wrong filter is named, with what is allowed', async () => {
  const { errors } = await problem({
    url: '/api/sync/logs?page=0&limit=101&status=done&syncType=invoices&stauts=error',
  });
  expect(errors?.map(({ field }) => field)).toEqual(['page', 'limit', 'syncType', 'status', 'stauts']);
  expect(errors?.[3]?.message).toContain('"success"');
});

test('a mode that contradicts the type is that field’s fault', async () => {
  expect((await trigger({ syncType: 'full', mode: 'incremental' })).errors).toMatchObject([{ field: 'mode' }]);
});

test.each<[object, string[]]>([
  [{ syncType: 'full', selection: { id: 'm1' } }, ['syncType']],
  [{ syncType: 'matters', mode: 'full', selection: { id: 'm1' } }, ['mode']],
  [{ syncType: 'matters', selection: {} }, ['selection']],
  [{ syncType: 'matters', selection: { id: 'm1', from: '2025-06-01' } }, ['selection']],
  [{ syncType: 'matters', selection: { from: '2025-06-02', to: '2025-06-01' } }, ['selection.from']],
  [{ syncType: 'matters', selection: { from: 'June', until: '2025-06-01' } }, ['selection.from', 'selection.until']],
  [{ syncType: 'matters', selection: 'm1' }, ['selection']],
])('%j is refused, with the field that is wrong', async (order, fields) => {
  const { code, errors } = await trigger(order);
  expect([code, errors?.map(({ field }) => field)]).toEqual(['VALIDATION_FAILED', fields]);
});

test.each([
  ['broken JSON', '{"syncType"', 'application/json', 'body'],
  ['an attempt at the prototype', '{"syncType":"full","__proto__":{"a":1}}', 'application/json', 'body'],
  ['no body', '', undefined, 'body'],
  ['an array', '[]', 'application/json', 'body'],
  ['a form', 'syncType=full', 'application/x-www-form-urlencoded', 'Content-Type'],
  ['plain text', '{"syncType":"full"}', 'text/plain', 'Content-Type'],
])('%s is refused', async (_what, payload, type, field) => {
  const { code, errors } = await trigger(payload, type);
  expect([code, errors?.[0]?.field]).toEqual(['VALIDATION_FAILED', field]);
});

test.each([
  ['POST', '/api/v1/connections', 'connector'],
  ['PATCH', '/api/v1/failed-items/00000000-0000-4000-8000-00000000000f', 'payload'],
] as const)('%s %s takes no body that is nested without end', async (method, url, key) => {
  const nested = (depth: number) => `{"${key}":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  const { code, errors } = await problem({ method, url, payload: nested(30_000), type: 'application/json' });
  expect([code, errors]).toEqual([
    'VALIDATION_FAILED',
    [{ field: 'body', message: 'is nested deeper than 100 levels' }],
  ]);
  const shallow = await problem({ method, url, payload: nested(90), type: 'application/json' });
  expect(JSON.stringify(shallow.errors ?? [])).not.toContain('nested');
});

test('a body of more than 64 KiB is too large', async () => {
  expect((await trigger({ syncType: 'x'.repeat(65_536) })).code).toBe('PAYLOAD_TOO_LARGE');
});

test.each(['/nowhere', '/api/sync/trigger', '/docs/static/nothing.js'])('GET %s is not there', async (url) => {
  expect((await problem({ url })).code).toBe('NOT_FOUND');
});

test('a path that cannot be read is refused', async () => {
  expect((await problem({ url: '/%E0%A4%A' })).code).toBe('VALIDATION_FAILED');
});

test('a malformed job id is as unknown as any other, without asking Postgres', async () => {
  expect((await problem({ url: "/api/v1/sync/jobs/1'--" })).code).toBe('NOT_FOUND');
});

test('a bug tells nothing but where to look', async () => {
  const { code, requestId, headers, ...rest } = await problem({ url: '/test/bug' });
  expect([code, headers['x-request-id']]).toEqual(['INTERNAL', requestId]);
  expect(JSON.stringify(rest)).not.toContain('S3CRET');
});

test('without Postgres: 503, and when to come back', async () => {
  for (const url of ['/api/sync/status', '/api/sync/logs', '/api/sync/test-connection']) {
    const { code, headers } = await problem({ url });
    expect([code, headers['retry-after']]).toEqual(['DATABASE_UNAVAILABLE', '5']);
  }
});

test('without Redis: 503 from Bull Board, whose page still opens', async () => {
  expect((await problem({ url: '/admin/queues/api/queues?activeQueue=&page=1&jobsPerPage=10' })).code).toBe(
    'QUEUE_UNAVAILABLE',
  );
  expect((await app.inject({ url: '/admin/queues', headers: withKey })).statusCode).toBe(200);
});

test('without both, the process lives and says that it is not ready', async () => {
  expect((await app.inject('/healthz')).json()).toEqual({ status: 'ok' });
  const ready = await app.inject('/readyz');
  const away = {
    postgres: 'unreachable',
    redis: 'unreachable',
    migrations: 'unreachable',
    installation: 'unreachable',
  };
  expect([ready.statusCode, ready.json()]).toEqual([503, { status: 'unavailable', checks: away }]);
});
