import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { freshPrefix } from '../../testing/redis.js';
import { failureOf, openRoad } from '../../testing/road.js';
import { startUpstream, type Upstream } from '../../testing/upstream.js';

const get = { method: 'GET', url: 'page' } as const;
const lane = (upstream: Upstream) => ({
  baseUrl: upstream.baseUrl,
  budgetKey: 'k',
  windows: [{ requests: 100, seconds: 60 }],
  retry: { tries: 3, baseMs: 1 },
});

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);

/** Answers 429 as often as told, then 200. */
function limiting(times: number, headers: Record<string, string>) {
  let left = times;
  return startUpstream((_, response: ServerResponse) => {
    left -= 1;
    if (left >= 0) response.writeHead(429, headers).end('{"message":"Too Many Attempts."}');
    else response.end('{}');
  });
}

describe('a 429', () => {
  it.each([
    [{ 'retry-after': '20' }, 20],
    [{ 'retry-after': '1000000000' }, 3_600],
    [{}, 30],
    [{ 'retry-after': '0' }, 30],
    [{ 'retry-after': '-1' }, 30],
    [{ 'retry-after': 'abc' }, 30],
    [{ 'retry-after': inSeconds(20).toUTCString() }, 20],
    [{ 'x-ratelimit-reset': String(Math.ceil(inSeconds(20).getTime() / 1_000)) }, 20],
    [{ 'x-ratelimit-reset': '1000000000', 'retry-after': '' }, 30],
    [{ 'ratelimit-reset': '20' }, 20],
  ])('with %j makes every instance rest for %d s, and takes no second try', async (headers, seconds) => {
    const upstream = await limiting(1, headers as Record<string, string>);
    const keyPrefix = freshPrefix();
    const roads = Array.from({ length: 3 }, () => openRoad({ egressAllow: [upstream.hostPort], keyPrefix }));
    const [first, ...others] = roads.map((road) => road.open(lane(upstream)));
    if (first === undefined) throw new Error('no lane');

    const failure = await failureOf(first(get));
    expect(failure).toMatchObject({ code: 'UPSTREAM_RATE_LIMITED', details: { status: 429, path: '/page', tries: 1 } });
    const until = failure.resumeAt?.getTime() ?? 0;
    expect(Math.abs(until - Date.now() - seconds * 1_000)).toBeLessThan(5_000);

    for (const send of [first, ...others]) {
      const refusal = await failureOf(send(get));
      expect(refusal).toMatchObject({ code: 'BUDGET_WAIT', details: { reason: 'paused by the vendor' } });
      expect(Math.abs((refusal.resumeAt?.getTime() ?? 0) - until)).toBeLessThan(2_000);
    }
    expect(upstream.requests).toHaveLength(1);
  });

  it('of an hour sends the job away at once, and whoever asks why is told until when', async () => {
    const upstream = await limiting(1, { 'retry-after': '3600' });
    const road = openRoad({ egressAllow: [upstream.hostPort] });
    const startedAt = performance.now();
    const failure = await failureOf(road.open(lane(upstream))(get));
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(failure.entry.kind).toBe('wait');
    const [use] = await road.budgetUse('k', lane(upstream).windows);
    const until = use?.nextFreeAt?.getTime() ?? 0;
    expect(Math.abs(until - inSeconds(3_600).getTime())).toBeLessThan(10_000);
    expect(Math.abs(until - (failure.resumeAt?.getTime() ?? 0))).toBeLessThan(2_000);
    expect((await failureOf(road.open(lane(upstream))(get))).details).toMatchObject({ reason: 'paused by the vendor' });
    expect(upstream.requests).toHaveLength(1);
  });

  it('with a short pause is waited out', async () => {
    const upstream = await limiting(2, { 'retry-after': '0.1' });
    const send = openRoad({ egressAllow: [upstream.hostPort] }).open({ ...lane(upstream), retry: { tries: 1 } });
    expect((await send(get)).status).toBe(200);
    const [first, second, third] = upstream.requests.map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(99);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(99);
  });

  it('that comes again after every pause is not waited for without end', async () => {
    const upstream = await limiting(1_000, { 'retry-after': '0.02' });
    const send = openRoad({ egressAllow: [upstream.hostPort] }).open(lane(upstream));
    expect((await failureOf(send(get))).code).toBe('UPSTREAM_RATE_LIMITED');
    expect(upstream.requests).toHaveLength(4);
  });

  it('leaves other credentials alone', async () => {
    const upstream = await limiting(1, {});
    const road = openRoad({ egressAllow: [upstream.hostPort] });
    await failureOf(road.open(lane(upstream))(get));
    expect((await road.open({ ...lane(upstream), budgetKey: 'other' })(get)).status).toBe(200);
  });
});

it('a storm of 429 on one of ten credentials leaves the other nine alone', async () => {
  const storm = { met: 0 };
  const upstream = await startUpstream((request, response) => {
    if (request.url !== '/storm') return void setTimeout(() => response.end('{}'), 5);
    storm.met += 1;
    response.writeHead(429, { 'retry-after': '0.01' }).end();
  });
  const keyPrefix = freshPrefix();
  const roads = Array.from({ length: 3 }, () => openRoad({ egressAllow: [upstream.hostPort], keyPrefix }));
  const served = Array(9).fill(0) as number[];
  const total = () => served.reduce((a, b) => a + b);
  // By what was done and not by the clock: a machine that is busy with other things does less in the same time.
  const isOver = () => total() >= 9 * 50;
  const storming = roads.map(async (road) => {
    const send = road.open({ ...lane(upstream), budgetKey: 'storm' });
    while (!isOver()) {
      expect(['UPSTREAM_RATE_LIMITED', 'BUDGET_WAIT']).toContain(
        (await failureOf(send({ ...get, url: 'storm' }))).code,
      );
    }
  });
  const calm = served.map(async (_, i) => {
    const send = roads[i % 3]?.open({
      ...lane(upstream),
      windows: [{ requests: 1_000, seconds: 1 }],
      budgetKey: `k${i}`,
    });
    while (send && !isOver()) {
      expect((await send(get)).status).toBe(200);
      served[i] = (served[i] ?? 0) + 1;
    }
  });
  await Promise.all([...storming, ...calm]);
  expect(storm.met).toBeGreaterThan(5);
  // Jain's index: 1 when all got the same.
  const squares = served.reduce((a, b) => a + b * b, 0);
  expect(total() ** 2 / (served.length * squares)).toBeGreaterThanOrEqual(0.95);
});

it('a full window sends the job away until a place is free', async () => {
  const upstream = await limiting(0, {});
  const windows = [{ requests: 2, seconds: 60 }];
  const road = openRoad({ egressAllow: [upstream.hostPort] });
  const send = road.open({ ...lane(upstream), windows });
  await send(get);
  await send(get);
  const refusal = await failureOf(send(get));
  expect(refusal).toMatchObject({ code: 'BUDGET_WAIT', details: { reason: 'window full', method: 'GET' } });
  const waitMs = (refusal.resumeAt?.getTime() ?? 0) - Date.now();
  expect(waitMs).toBeGreaterThan(50_000);
  expect(waitMs).toBeLessThanOrEqual(60_000);
  const [use] = await road.budgetUse('k', windows);
  expect(use).toMatchObject({ used: 2, limit: 2 });
  expect(Math.abs((use?.nextFreeAt?.getTime() ?? 0) - (refusal.resumeAt?.getTime() ?? 0))).toBeLessThan(1_000);
  expect(upstream.requests).toHaveLength(2);
});

describe('a 529', () => {
  const overloaded = (headers: Record<string, string>) =>
    startUpstream((_, response: ServerResponse) => response.writeHead(529, headers).end('{}'));

  it('that says when to come back makes every instance rest until then', async () => {
    const upstream = await overloaded({ 'retry-after': '20' });
    const keyPrefix = freshPrefix();
    const roads = Array.from({ length: 2 }, () => openRoad({ egressAllow: [upstream.hostPort], keyPrefix }));
    const [first, second] = roads.map((road) => road.open(lane(upstream)));
    if (first === undefined || second === undefined) throw new Error('no lane');
    expect(await failureOf(first(get))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', details: { status: 529 } });
    const refusal = await failureOf(second(get));
    expect(refusal).toMatchObject({ code: 'BUDGET_WAIT', details: { reason: 'paused by the vendor' } });
    expect(Math.abs((refusal.resumeAt?.getTime() ?? 0) - Date.now() - 20_000)).toBeLessThan(5_000);
    expect(upstream.requests).toHaveLength(1);
  });

  it('without that is tried again as any other failure of the vendor', async () => {
    const upstream = await overloaded({});
    const send = openRoad({ egressAllow: [upstream.hostPort] }).open(lane(upstream));
    expect(await failureOf(send(get))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', details: { tries: 3 } });
    expect(upstream.requests).toHaveLength(3);
  });
});
