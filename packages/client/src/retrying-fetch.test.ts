import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, hangUp, json, type OddServer, startOddServer } from '../testing/odd-server.js';
import { type ClientOptions, createClient } from './create-client.js';
import { SynclineError } from './syncline-error.js';
import { retryAfterOf } from './waiting.js';

let server: OddServer;
beforeAll(async () => {
  server = await startOddServer();
});
afterAll(() => server.close());

const client = (options: ClientOptions = {}) => createClient({ baseUrl: server.url, key: 'k', ...options });
const soon = { 'retry-after': '0' };
const problem = (status: number, code: string, headers: Readonly<Record<string, string>> = soon) =>
  json(status, { code, title: code, detail: code, hint: 'h', status, requestId: 'r' }, headers);
const fine = json(200, { data: [] });

const read = (options?: ClientOptions, init = {}) => client(options).GET('/api/v1/connections', init);
const change = (options?: ClientOptions) => client(options).POST('/api/sync/trigger', { body: { syncType: 'full' } });
/** How often the server was asked before the call ended as it did. */
const asked = async (call: Promise<unknown>) => {
  const outcome = await call.then(
    () => 'done',
    (error: unknown) => (error instanceof SynclineError ? error.code : error),
  );
  return [outcome, server.requests.length];
};

describe('a request is sent again', () => {
  it.each([
    ['what a proxy says of a server that is away', json(502, 'Bad gateway', soon)],
    ['Postgres being away', problem(503, 'DATABASE_UNAVAILABLE')],
    ['a connection that breaks', hangUp],
  ])('when it only reads: %s', async (_, fault) => {
    server.answer(fault, fine);
    expect(await asked(read())).toEqual(['done', 2]);
  });

  it('when it changes something and was refused before anything was done', async () => {
    server.answer(problem(429, 'TOO_MANY_REQUESTS'), json(429, 'Slow down', soon), json(202, { jobId: 'j' }));
    expect(await asked(change())).toEqual(['done', 3]);
  });

  it('with all that was in it', async () => {
    const bodies: string[] = [];
    const take = (then: Answer): Answer => {
      return async (response, request) => {
        bodies.push(await text(request));
        then(response, request);
      };
    };
    server.answer(take(problem(429, 'TOO_MANY_REQUESTS')), take(json(202, { jobId: 'j' })));
    await change();
    expect(bodies).toEqual(['{"syncType":"full"}', '{"syncType":"full"}']);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer k', 'Bearer k']);
  });

  it('when its answer breaks off in the middle', async () => {
    const half: Answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"data":', () => response.destroy());
    };
    server.answer(half, fine);
    expect(await asked(read())).toEqual(['done', 2]);
  });
});

describe('a request is not sent again', () => {
  it.each([
    ['Postgres was away, perhaps after it was done', problem(503, 'DATABASE_UNAVAILABLE'), 'DATABASE_UNAVAILABLE'],
    ['the connection broke', hangUp, 'UNREACHABLE'],
    ['a proxy does not know', json(504, 'Timeout', soon), 'UNREADABLE'],
  ])('when it changes something and nobody knows whether it did: %s', async (_, fault, code) => {
    server.answer(fault);
    expect(await asked(change())).toEqual([code, 1]);
  });

  it.each([
    ['it is wrong', problem(404, 'NOT_FOUND'), 'NOT_FOUND'],
    ['the vendor was asked and failed', problem(502, 'UPSTREAM_AUTH'), 'UPSTREAM_AUTH'],
    ['a check has failed', problem(503, 'SYNC_UNHEALTHY'), 'SYNC_UNHEALTHY'],
    ['a newer server says what nobody knows', problem(503, 'NEW_CODE'), 'NEW_CODE'],
  ])('when the answer would be the same: %s', async (_, fault, code) => {
    server.answer(fault);
    expect(await asked(read())).toEqual([code, 1]);
  });

  it('more often than it may be', async () => {
    server.answer(problem(503, 'DATABASE_UNAVAILABLE'));
    expect(await asked(read({ retries: 2 }))).toEqual(['DATABASE_UNAVAILABLE', 3]);
    server.answer(problem(503, 'DATABASE_UNAVAILABLE'));
    expect(await asked(read({}, { retries: 0 }))).toEqual(['DATABASE_UNAVAILABLE', 1]);
  });

  it('when the server asks to wait for longer than the client will', async () => {
    server.answer(problem(429, 'TOO_MANY_REQUESTS', { 'retry-after': '3600' }));
    const error = await change().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 3_600 });
    expect(server.requests).toHaveLength(1);
  });
});

it('a wait ends at once when it is aborted, with the reason of whoever did it', async () => {
  const controller = new AbortController();
  const reason = new Error('I have seen enough');
  server.answer((response, request) => {
    problem(503, 'DATABASE_UNAVAILABLE', { 'retry-after': '20' })(response, request);
    response.on('close', () => setTimeout(() => controller.abort(reason), 20));
  });
  const started = performance.now();
  expect(await asked(read({}, { signal: controller.signal }))).toEqual([reason, 1]);
  expect(performance.now() - started).toBeLessThan(15_000);
});

it('Retry-After is waited for', async () => {
  const times: number[] = [];
  const at = (then: Answer): Answer => {
    return (response, request) => {
      times.push(performance.now());
      then(response, request);
    };
  };
  server.answer(at(problem(429, 'TOO_MANY_REQUESTS', { 'retry-after': '1' })), at(fine));
  await read();
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(990);
});

it('Retry-After may be a number or a date', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const said = (text?: string) => retryAfterOf(new Headers(text === undefined ? {} : { 'retry-after': text }), now);
  expect(said('7')).toBe(7);
  expect(said('Thu, 01 Jan 2026 00:01:30 GMT')).toBe(90);
  expect(said('Wed, 31 Dec 2025 00:00:00 GMT')).toBe(0);
  expect(['soon', '-1x', '-5', '1.5', 'Infinity'].map(said)).toEqual(Array(5).fill(null));
  expect(said()).toBeNull();
});

it('an answer that never comes ends after its time, headers or not', async () => {
  server.answer(() => undefined);
  expect(await asked(read({ timeoutMs: 600, retries: 0 }))).toEqual(['UNREACHABLE', 1]);
  server.answer((response) => response.writeHead(200, { 'content-type': 'application/json' }).write('{"data"'));
  expect(await asked(read({ timeoutMs: 600, retries: 0 }))).toEqual(['UNREACHABLE', 1]);
});

it.each<[string, Answer, number]>([
  ['a page of a proxy', (response) => response.end('<html>'), 200],
  ['half of an answer', (response) => response.end('{"data":['), 200],
  ['an error that is not of the API', json(500, ['?']), 500],
])('what cannot be read is no answer: %s', async (_, answer, status) => {
  server.answer(answer);
  await expect(read()).rejects.toMatchObject({ name: 'SynclineError', code: 'UNREADABLE', status });
});
