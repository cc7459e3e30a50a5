import { describe, expect, it } from 'vitest';
import { event } from '../testing/event.js';
import { failureOf, openLane, openRoad } from '../testing/road.js';
import { startRawUpstream, startUpstream } from '../testing/upstream.js';

const ok = () =>
  startUpstream((_, response) => response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'], 'X-Page': '2' }).end('{}'));

describe('a request', () => {
  it.each([
    ['', 'accounts', '/accounts'],
    ['api/v2', 'accounts', '/api/v2/accounts'],
    ['api/v2/', 'accounts?x=1', '/api/v2/accounts?x=1'],
    ['api/v2', '', '/api/v2/'],
    ['api', '/token', '/token'],
  ])('on base path "%s" to "%s" asks for %s', async (path, url, expected) => {
    const upstream = await ok();
    await openLane({ ...upstream, baseUrl: upstream.baseUrl + path })({ method: 'GET', url });
    expect(upstream.requests[0]?.message.url).toBe(expected);
  });

  it('may be absolute, on the same origin', async () => {
    const upstream = await ok();
    await openLane({ ...upstream, baseUrl: `${upstream.baseUrl}api` })({
      method: 'GET',
      url: `${upstream.baseUrl}next?p=2`,
    });
    expect(upstream.requests[0]?.message.url).toBe('/next?p=2');
  });

  it('encodes its query and leaves undefined out', async () => {
    const upstream = await ok();
    const query = { 'q[]': 'updated_at:>2026', page: 2, none: undefined, name: 'a&b=c' };
    await openLane(upstream)({ method: 'GET', url: 'patients?page=1&q%5B%5D=x', query });
    const sent = new URL(upstream.requests[0]?.message.url ?? '', upstream.baseUrl).searchParams;
    expect([...sent]).toEqual([
      ['page', '2'],
      ['q[]', 'updated_at:>2026'],
      ['name', 'a&b=c'],
    ]);
  });

  it('sends a list as one parameter several times', async () => {
    const upstream = await ok();
    const query = { 'q[]': ['archived_at:*', 'id:=1,2'], none: [] };
    await openLane(upstream)({ method: 'GET', url: 'patients', query });
    expect(upstream.requests[0]?.message.url).toBe('/patients?q%5B%5D=archived_at%3A*&q%5B%5D=id%3A%3D1%2C2');
  });

  it('posts a question as JSON, and asks again when it gets no answer', async () => {
    const received: unknown[] = [];
    const upstream = await startUpstream(async (request, response) => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk;
      received.push([request.method, request.headers['content-type'], JSON.parse(body)]);
      response.writeHead(received.length === 1 ? 503 : 200).end('{}');
    });
    const json = { filter: { name: 'ü' }, page_size: 100 };
    const answer = await openLane(upstream, { retry: { tries: 2, baseMs: 1 } })({ method: 'POST', url: 'query', json });
    expect(answer.status).toBe(200);
    const sent = ['POST', 'application/json', json];
    expect(received).toEqual([sent, sent]);
  });

  it('posts a form', async () => {
    let received = '';
    const upstream = await startUpstream((request, response) => {
      request.on('data', (chunk) => {
        received += String(chunk);
      });
      request.on('end', () => response.end('{}'));
    });
    await openLane(upstream)({
      method: 'POST',
      url: 'token',
      form: { grant_type: 'refresh_token', refresh_token: 'a+b' },
    });
    expect(received).toBe('grant_type=refresh_token&refresh_token=a%2Bb');
    expect(upstream.requests[0]?.message.headers['content-type']).toBe('application/x-www-form-urlencoded');
  });

  it('names us, unless the connector does', async () => {
    const upstream = await ok();
    const send = openLane(upstream, {}, { userAgent: 'Acme (it@acme.example)' });
    await send({ method: 'GET', url: '' });
    await send({ method: 'GET', url: '', headers: { 'User-Agent': 'Other', Accept: 'text/csv' } });
    const sent = upstream.requests.map(({ message }) => [message.headers['user-agent'], message.headers.accept]);
    expect(sent).toEqual([
      ['Acme (it@acme.example)', 'application/json'],
      ['Other', 'text/csv'],
    ]);
  });
});

describe('a response', () => {
  it('has lower-case header names and repeated headers joined', async () => {
    const response = await openLane(await ok())({ method: 'GET', url: '' });
    expect(response).toMatchObject({ status: 200, headers: { 'x-page': '2', 'set-cookie': 'a=1, b=2' } });
  });

  it('tells the vendor’s clock at the time of sending', async () => {
    const date = 'Sat, 21 Nov 2026 08:00:00 GMT';
    const upstream = await startUpstream((_, response) => {
      setTimeout(() => response.writeHead(200, { date }).end('{}'), 60);
    });
    const { vendorTime, elapsedMs } = await openLane(upstream)({ method: 'GET', url: '' });
    expect(elapsedMs).toBeGreaterThanOrEqual(55);
    expect(vendorTime?.getTime()).toBe(Date.parse(date) - Math.ceil(elapsedMs));
  });

  it.each(['', 'yesterday'])('has no vendor time with the date "%s"', async (date) => {
    const upstream = await startUpstream((_, response) => {
      response.sendDate = false;
      response.writeHead(200, date === '' ? {} : { date }).end('{}');
    });
    expect((await openLane(upstream)({ method: 'GET', url: '' })).vendorTime).toBeUndefined();
  });
});

describe('the road', () => {
  it('uses a connection again', async () => {
    const upstream = await ok();
    const send = openLane(upstream);
    for (let i = 0; i < 5; i += 1) await send({ method: 'GET', url: '' });
    expect(new Set(upstream.requests.map(({ message }) => message.socket.remotePort)).size).toBe(1);
  });

  it('ends what is under way when it is closed, and sends nothing more', async () => {
    const arrived = event();
    const upstream = await startRawUpstream(() => arrived.report());
    const road = openRoad({ egressAllow: [upstream.hostPort] });
    const send = road.open({ baseUrl: upstream.baseUrl, budgetKey: 'k', windows: [], retry: { baseMs: 1 } });
    const underWay = failureOf(send({ method: 'GET', url: '' }));
    await arrived.happened;
    await road.close();

    expect(await underWay).toMatchObject({ code: 'UPSTREAM_UNREACHABLE', details: { reason: 'closed', tries: 1 } });
    expect((await failureOf(send({ method: 'GET', url: '' }))).details).toMatchObject({ reason: 'closed' });
    expect(upstream.hits()).toBe(1);
  });

  it.each([
    { requests: 0, seconds: 1 },
    { requests: 1.5, seconds: 1 },
    { requests: 1, seconds: 0 },
    { requests: 1, seconds: Number.NaN },
  ])('does not open with a window of $requests in $seconds s', (window) => {
    const road = openRoad({ egressAllow: [] });
    const lane = { baseUrl: 'https://api.example.com', budgetKey: 'k', windows: [window] };
    expect(() => road.open(lane)).toThrow(expect.objectContaining({ code: 'CONNECTION_SETTINGS_INVALID' }));
  });
});
