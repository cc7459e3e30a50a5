import type { IncomingMessage } from 'node:http';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { failureOf, openRoad } from '../testing/road.js';
import { startRawUpstream, startUpstream, type Upstream } from '../testing/upstream.js';

const message = { headers: { 'content-type': 'application/json', 'webhook-id': 'm1' }, body: '{"a":"ü"}' };

/** Posts to the upstream over a road whose Redis is not there: it must not be needed. */
function post(upstream: Upstream, path = 'hook?token=t', deadlineMs = 5_000) {
  const redis = new Redis(1, { lazyConnect: true });
  onTestFinished(() => redis.disconnect());
  const road = openRoad({ redis, egressAllow: [upstream.hostPort] });
  return road.post({ ...message, url: `${upstream.baseUrl}${path}`, deadlineMs });
}

const text = async (request: IncomingMessage) => {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  return body;
};

describe('a POST of our own', () => {
  it('arrives as it was given, and its answer comes back whatever it is', async () => {
    let arrived = '';
    const upstream = await startUpstream(async (request, response) => {
      arrived = await text(request);
      response.writeHead(503).end('no');
    });
    expect(await post(upstream)).toMatchObject({ status: 503, body: 'no' });
    expect(arrived).toBe(message.body);
    const [{ message: request } = {}] = upstream.requests;
    expect(request).toMatchObject({ method: 'POST', url: '/hook?token=t', headers: message.headers });
    expect(request?.headers['user-agent']).toBe('syncline');
    expect(upstream.requests).toHaveLength(1);
  });

  it.each([301, 307])('is not sent on by a %i, to the same host or another', async (status) => {
    const other = await startUpstream((_, response) => response.end('{}'));
    for (const location of ['/elsewhere', other.baseUrl]) {
      const upstream = await startUpstream((_, response) => response.writeHead(status, { location }).end());
      expect(await post(upstream)).toMatchObject({ status });
      expect(upstream.requests).toHaveLength(1);
    }
    expect(other.requests).toHaveLength(0);
  });

  it.each([
    ['plain http', 'http://example.com/hook'],
    ['a private address', 'https://10.0.0.1/hook'],
    ['a local name', 'https://localhost/hook'],
    ['a password', 'https://user:pass@example.com/hook'],
  ])('does not leave for %s', async (_what, url) => {
    const failure = await failureOf(openRoad({ egressAllow: [] }).post({ ...message, url, deadlineMs: 100 }));
    expect(failure.code).toBe('EGRESS_REFUSED');
  });

  it('does not leave for a name that leads to a private address', async () => {
    const upstream = await startUpstream((_, response) => response.end());
    const road = openRoad({ egressAllow: [], resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
    const url = `https://hooks.example.com:${upstream.port}/`;
    expect((await failureOf(road.post({ ...message, url, deadlineMs: 5_000 }))).code).toBe('EGRESS_REFUSED');
    expect(upstream.requests).toHaveLength(0);
  });

  it('has a deadline, and a limit for what comes back', async () => {
    const silent = await startRawUpstream(() => undefined);
    expect((await failureOf(post(silent, 'hook', 100))).code).toBe('UPSTREAM_TIMEOUT');
    const endless = await startUpstream((_, response) => response.end('x'.repeat(70_000)));
    expect((await failureOf(post(endless))).code).toBe('UPSTREAM_TOO_LARGE');
  });
});
