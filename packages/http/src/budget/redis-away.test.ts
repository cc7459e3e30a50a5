import { describe, expect, it } from 'vitest';
import { openRedis, redisUrl } from '../../testing/redis.js';
import { failureOf, openRoad } from '../../testing/road.js';
import { startStallingProxy } from '../../testing/stalling-proxy.js';
import { startUpstream } from '../../testing/upstream.js';

const get = { method: 'GET', url: 'page' } as const;
const windows = [{ requests: 5, seconds: 60 }];
const nobody = 'redis://127.0.0.1:1';

describe('without Redis', () => {
  it.each([
    ['a client that fails fast', { enableOfflineQueue: false, maxRetriesPerRequest: 0 }],
    ['a client that queues for ever', { maxRetriesPerRequest: null }],
  ])('no vendor is called: %s', async (_, options) => {
    const upstream = await startUpstream((_request, response) => response.end('{}'));
    const road = openRoad({ egressAllow: [upstream.hostPort], redis: openRedis(nobody, options) });
    const send = road.open({ baseUrl: upstream.baseUrl, budgetKey: 'k', windows });
    const startedAt = performance.now();

    const failures = await Promise.all([failureOf(send(get)), failureOf(road.budgetUse('k', windows))]);
    expect(failures.map(({ code }) => code)).toEqual(['BUDGET_UNAVAILABLE', 'BUDGET_UNAVAILABLE']);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    expect(upstream.requests).toHaveLength(0);
  });
});

describe('a Redis that answers too late', () => {
  it('gets its permits back: what had queued does not eat up the budget', async () => {
    const upstream = await startUpstream((_, response) => response.end('{}'));
    const proxy = await startStallingProxy(redisUrl());
    const redis = openRedis(proxy.url);
    await redis.ping();
    const road = openRoad({ egressAllow: [upstream.hostPort], redis });
    const send = road.open({ baseUrl: upstream.baseUrl, budgetKey: 'k', windows });

    proxy.stall(true);
    const failures = await Promise.all(Array.from({ length: 5 }, () => failureOf(send(get))));
    expect(failures.map(({ code }) => code)).toEqual(Array(5).fill('BUDGET_UNAVAILABLE'));
    expect(proxy.forwarded()).not.toContain('evalsha');

    proxy.stall(false);
    await expect.poll(() => proxy.forwarded().match(/zrem\r/g)?.length).toBe(5);
    await expect.poll(() => road.budgetUse('k', windows)).toEqual([{ used: 0, limit: 5, seconds: 60 }]);
    expect(upstream.requests).toHaveLength(0);
    expect((await send(get)).status).toBe(200);
  });

  it('is not waited for by a job that was cancelled', async () => {
    const reason = new Error('cancelled');
    const abort = new AbortController();
    const road = openRoad({ egressAllow: ['127.0.0.1:1'], redis: openRedis(nobody, { maxRetriesPerRequest: null }) });
    const send = road.open({ baseUrl: 'http://127.0.0.1:1', budgetKey: 'k', windows, signal: abort.signal });
    const startedAt = performance.now();
    const sending = send(get);
    abort.abort(reason);
    await expect(sending).rejects.toBe(reason);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });
});
