import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freshPrefix, openRedis } from '../../testing/redis.js';
import { failureOf, openLane, openRoad } from '../../testing/road.js';
import { listen, startRawUpstream, startUpstream } from '../../testing/upstream.js';

const get = {
  method: 'GET',
  url: 'contacts?name=Ann&since=2026',
  headers: { authorization: 'Bearer s3cret' },
} as const;
const thrice = { retry: { tries: 3, baseMs: 1 } };

/** Answers with each of the statuses in turn, the last one for ever. */
function answering(...statuses: number[]) {
  let served = 0;
  return startUpstream((_, response: ServerResponse) => {
    const status = statuses[Math.min(served, statuses.length - 1)] ?? 200;
    served += 1;
    response.writeHead(status, { 'x-token': 's3cret' }).end(status === 200 ? '{"ok":true}' : 'body with s3cret');
  });
}

describe('retry', () => {
  it.each([408, 500, 502, 503, 504, 529])('tries %i again', async (status) => {
    const upstream = await answering(status, 200);
    expect((await openLane(upstream, thrice)(get)).body).toBe('{"ok":true}');
    expect(upstream.requests).toHaveLength(2);
  });

  it.each([200, 204, 206, 400, 401, 403, 404, 405, 410, 422])('answers %i as it is', async (status) => {
    const upstream = await answering(status);
    expect((await openLane(upstream, thrice)(get)).status).toBe(status);
    expect(upstream.requests).toHaveLength(1);
  });

  it('ends with the last failure, which tells what happened but no secret', async () => {
    const upstream = await answering(500, 502, 503);
    const failure = await failureOf(openLane(upstream, thrice)(get));
    expect(upstream.requests).toHaveLength(3);
    expect(failure.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(failure.details).toEqual({
      method: 'GET',
      host: upstream.hostPort,
      path: '/contacts',
      status: 503,
      tries: 3,
    });
    expect(JSON.stringify([failure, failure.stack, failure.cause])).not.toMatch(/s3cret|Ann|2026/);
  });

  it('tries a broken connection again', async () => {
    let failures = 0;
    const upstream = await startRawUpstream((socket) => {
      failures += 1;
      if (failures < 3) socket.resetAndDestroy();
      else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
    });
    expect((await openLane(upstream, thrice)(get)).body).toBe('{}');
  });

  it('takes a permit for each try', async () => {
    const upstream = await answering(500);
    const windows = [{ requests: 10, seconds: 60 }];
    const road = openRoad({ egressAllow: [upstream.hostPort], redis: openRedis(), keyPrefix: freshPrefix() });
    const send = road.open({ baseUrl: upstream.baseUrl, budgetKey: 'k', windows, ...thrice });
    await failureOf(send(get));
    expect(await road.budgetUse('k', windows)).toEqual([{ used: 3, limit: 10, seconds: 60 }]);
  });

  it('waits as long as a short Retry-After asks', async () => {
    const upstream = await startUpstream((_, response) => {
      if (upstream.requests.length === 1) response.writeHead(503, { 'retry-after': '0.3' }).end();
      else response.end('{}');
    });
    await openLane(upstream, thrice)(get);
    const [first, second] = upstream.requests;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(295);
  });

  it('does not wait for a long Retry-After, but hands it on', async () => {
    const upstream = await startUpstream((_, response) => response.writeHead(529, { 'retry-after': '600' }).end());
    const failure = await failureOf(openLane(upstream, thrice)(get));
    expect(failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', details: { status: 529, tries: 1 } });
    expect(failure.resumeAt?.getTime()).toBeGreaterThan(Date.now() + 590_000);
  });

  it('reports a refused connection after the last try', async () => {
    const upstream = await startRawUpstream(() => {});
    // A port that was just free: nobody listens on it.
    const closed = { baseUrl: 'http://127.0.0.1:1/', hostPort: '127.0.0.1:1' };
    const failure = await failureOf(openLane(closed, thrice)(get));
    expect(failure).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', details: { reason: 'refused', tries: 3 } });
    expect(upstream.hits()).toBe(0);
  });

  it('reports an unknown name', async () => {
    const resolve = (): Promise<never> =>
      Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));
    const vendor = { baseUrl: 'https://api.example.com/', hostPort: 'x:1' };
    const failure = await failureOf(openLane(vendor, thrice, { resolve })(get));
    expect(failure).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', details: { reason: 'dns', tries: 3 } });
  });
});

describe('a certificate that does not convince', () => {
  it('is not tried again, although the address is allowed', async () => {
    let connections = 0;
    const pem = (kind: string) => readFileSync(new URL(`../../testing/self-signed.${kind}.pem`, import.meta.url));
    const server = createServer({ key: pem('key'), cert: pem('cert') }, (_, response) => response.end('{}'));
    server.on('connection', () => {
      connections += 1;
    });
    const hostPort = `127.0.0.1:${await listen(server)}`;
    onTestFinished(() => void server.close());

    const failure = await failureOf(openLane({ baseUrl: `https://${hostPort}`, hostPort }, thrice)(get));
    expect(failure).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', details: { reason: 'certificate', tries: 1 } });
    expect(connections).toBe(1);
  });
});

it('names a malformed header as a matter of the settings, without its value', async () => {
  const upstream = await answering(200);
  const send = openLane(upstream, thrice);
  const failure = await failureOf(send({ method: 'GET', url: '', headers: { authorization: 'Bearer s3cret\nx' } }));
  expect(failure.code).toBe('CONNECTION_SETTINGS_INVALID');
  expect(JSON.stringify([failure, failure.stack])).not.toContain('s3cret');
  expect(upstream.requests).toHaveLength(0);
});
