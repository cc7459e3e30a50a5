import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { failureOf, openLane } from '../testing/road.js';
import { startUpstream } from '../testing/upstream.js';

const secret = { authorization: 'Bearer s3cret' };

/** Answers 200 on /end, and elsewhere a redirect to what `target` says. */
function redirecting(status: number, target: (path: string) => string | undefined) {
  return startUpstream((request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    if (path === '/end') response.end('{}');
    else {
      const location = target(path);
      response.writeHead(status, location === undefined ? {} : { location }).end();
    }
  });
}

describe('redirects', () => {
  it.each([301, 302, 303, 307, 308])('follows %i of a GET within the origin, with its headers', async (status) => {
    const upstream = await redirecting(status, () => '/end');
    expect((await openLane(upstream)({ method: 'GET', url: 'start', headers: secret })).body).toBe('{}');
    expect(upstream.requests.map(({ message }) => [message.url, message.headers.authorization])).toEqual([
      ['/start', 'Bearer s3cret'],
      ['/end', 'Bearer s3cret'],
    ]);
  });

  it.each([301, 302, 303, 307, 308])('does not follow %i to another origin', async (status) => {
    const other = await startUpstream((_, response) => response.end('{}'));
    for (const location of [other.baseUrl, 'http://169.254.169.254/', 'https://example.com/', 'file:///etc/passwd']) {
      const upstream = await redirecting(status, () => location);
      const road = { egressAllow: [upstream.hostPort, other.hostPort] };
      const failure = await failureOf(openLane(upstream, {}, road)({ method: 'GET', url: 'start', headers: secret }));
      expect(failure).toMatchObject({ code: 'UPSTREAM_REJECTED', details: { status, path: '/start' } });
      expect(JSON.stringify(failure)).not.toContain('s3cret');
    }
    expect(other.requests).toHaveLength(0);
  });

  it('does not follow a POST', async () => {
    const upstream = await redirecting(307, () => '/end');
    const failure = await failureOf(openLane(upstream)({ method: 'POST', url: 'start', form: { a: 'b' } }));
    expect(failure).toMatchObject({ code: 'UPSTREAM_REJECTED', details: { status: 307 } });
    expect(upstream.requests).toHaveLength(1);
  });

  it('gives up after three hops', async () => {
    const upstream = await redirecting(302, (path) => `${path}x`);
    const failure = await failureOf(openLane(upstream)({ method: 'GET', url: 'a' }));
    expect(failure).toMatchObject({ code: 'UPSTREAM_REJECTED', details: { path: '/axxx' } });
    expect(upstream.requests).toHaveLength(4);
  });

  it.each([300, 302, 304])('takes %i without a target for a refusal', async (status) => {
    const upstream = await redirecting(status, () => undefined);
    const failure = await failureOf(openLane(upstream)({ method: 'GET', url: 'start' }));
    expect(failure).toMatchObject({ code: 'UPSTREAM_REJECTED', details: { status } });
  });
});
