import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { event } from '../../testing/event.js';
import { freshPrefix, openRedis } from '../../testing/redis.js';
import { failureOf, openLane, openRoad } from '../../testing/road.js';
import { startRawUpstream, startUpstream, type Upstream } from '../../testing/upstream.js';
import { Breaker } from './breaker.js';
import { Circuits } from './circuits.js';
import { withBreaker } from './with-breaker.js';

const get = { method: 'GET', url: 'contacts' } as const;

/** Answers with each of the statuses in turn, over and over. */
function answering(...statuses: number[]) {
  let served = 0;
  return startUpstream((_, response: ServerResponse) => {
    const status = statuses[served % statuses.length] ?? 200;
    served += 1;
    response.writeHead(status, status === 429 ? { 'retry-after': '0.001' } : {}).end('{}');
  });
}

/** What a number of calls, one after the other, end with. */
async function codes(send: ReturnType<typeof openLane>, calls: number): Promise<(string | number)[]> {
  const ends: (string | number)[] = [];
  for (let i = 0; i < calls; i += 1) {
    ends.push(
      await send(get).then(
        ({ status }) => status,
        (error: { code: string }) => error.code,
      ),
    );
  }
  return ends;
}

const unreachable: Pick<Upstream, 'baseUrl' | 'hostPort'> = { baseUrl: 'http://127.0.0.1:1/', hostPort: '127.0.0.1:1' };

describe('the breaker', () => {
  it('opens at the fifth server error in a row, whichever they are, and then sends nothing', async () => {
    const upstream = await answering(500, 502, 503, 504, 529);
    const send = openLane(upstream);
    expect(await codes(send, 8)).toEqual([...Array(5).fill('UPSTREAM_UNAVAILABLE'), ...Array(3).fill('CIRCUIT_OPEN')]);
    expect(upstream.requests).toHaveLength(5);
  });

  it('opens when nobody is there, or nobody answers in time', async () => {
    expect(await codes(openLane(unreachable), 6)).toEqual([...Array(5).fill('UPSTREAM_UNREACHABLE'), 'CIRCUIT_OPEN']);
    const silent = await startRawUpstream(() => {});
    const lane = { deadlineMs: 30, circuit: { maxFailures: 2 } };
    expect(await codes(openLane(silent, lane), 3)).toEqual(['UPSTREAM_TIMEOUT', 'UPSTREAM_TIMEOUT', 'CIRCUIT_OPEN']);
  });

  it.each([200, 204, 301, 400, 401, 403, 404, 410, 422, 429])('takes %i for a sign of life', async (status) => {
    const upstream = await answering(500, 500, 500, 500, status);
    const send = openLane(upstream, { circuit: { maxFailures: 5 } });
    expect(await codes(send, 15)).not.toContain('CIRCUIT_OPEN');
    expect(upstream.requests.length).toBeGreaterThanOrEqual(15);
  });

  it('does not count calls that were cancelled', async () => {
    const { baseUrl, hostPort, hits } = await startRawUpstream(() => abort.abort(new Error('cancelled')));
    let abort = new AbortController();
    const road = openRoad({ egressAllow: [hostPort, unreachable.hostPort] });
    const lane = { budgetKey: 'k', windows: [], deadlineMs: 5_000, retry: { tries: 1 }, circuit: { maxFailures: 3 } };
    const failing = road.open({ ...lane, baseUrl: unreachable.baseUrl });
    await codes(failing, 2);
    for (let i = 0; i < 5; i += 1) {
      abort = new AbortController();
      await expect(road.open({ ...lane, baseUrl, signal: abort.signal })(get)).rejects.toThrow('cancelled');
    }
    expect(hits()).toBe(5);
    // Neither was a success: two failures before and one after are three in a row.
    expect(await codes(failing, 2)).toEqual(['UPSTREAM_UNREACHABLE', 'CIRCUIT_OPEN']);
  });

  it('says why and until when, and does not use up the tries', async () => {
    const upstream = await answering(503);
    const send = openLane(upstream, { retry: { tries: 4, baseMs: 1 } });
    expect((await failureOf(send(get))).details).toMatchObject({ tries: 4 });
    // The fifth failure is this call's first; its second try meets the open circuit.
    const refusal = await failureOf(send(get));
    expect(refusal).toMatchObject({ code: 'CIRCUIT_OPEN', entry: { kind: 'wait' } });
    expect(refusal.details).toEqual({
      method: 'GET',
      host: upstream.hostPort,
      path: '/contacts',
      reason: 'the vendor failed for this process',
    });
    const restMs = (refusal.resumeAt?.getTime() ?? 0) - Date.now();
    expect(restMs).toBeGreaterThan(1_000);
    expect(restMs).toBeLessThanOrEqual(3_000);
    expect(upstream.requests).toHaveLength(5);
  });

  it('gives the permit back that it did not use', async () => {
    const upstream = await answering(503);
    const windows = [{ requests: 6, seconds: 60 }];
    const road = openRoad({ egressAllow: [upstream.hostPort], redis: openRedis(), keyPrefix: freshPrefix() });
    const send = road.open({ baseUrl: upstream.baseUrl, budgetKey: 'k', windows, retry: { tries: 1 } });
    expect((await codes(send, 20)).slice(5)).toEqual(Array(15).fill('CIRCUIT_OPEN'));
    expect(await road.budgetUse('k', windows)).toEqual([{ used: 5, limit: 6, seconds: 60 }]);
  });

  it('is one of each credential', async () => {
    const upstream = await answering(503);
    const road = openRoad({ egressAllow: [upstream.hostPort] });
    const lane = { baseUrl: upstream.baseUrl, windows: [], retry: { tries: 1 }, circuit: { maxFailures: 1 } };
    expect(await codes(road.open({ ...lane, budgetKey: 'a' }), 2)).toEqual(['UPSTREAM_UNAVAILABLE', 'CIRCUIT_OPEN']);
    expect(await codes(road.open({ ...lane, budgetKey: 'b' }), 1)).toEqual(['UPSTREAM_UNAVAILABLE']);
  });

  it('lets one call try when its time is over, and goes on after that', async () => {
    const held = event<ServerResponse>();
    let down = true;
    const upstream = await startUpstream((_, response) => {
      if (down) response.writeHead(503).end();
      else if (upstream.requests.length === 3) held.report(response);
      else response.end('{}');
    });
    const send = openLane(upstream, { circuit: { maxFailures: 2, resetSeconds: 0.2 } });
    await codes(send, 2);
    down = false;
    expect(await codes(send, 1)).toEqual(['CIRCUIT_OPEN']);

    let trial: Promise<unknown> = Promise.resolve();
    await expect
      .poll(async () => {
        trial = send(get);
        return Promise.race([trial.catch((error: { code: string }) => error.code), held.happened.then(() => 'held')]);
      })
      .toBe('held');
    expect(await codes(send, 3)).toEqual(Array(3).fill('CIRCUIT_OPEN'));
    expect(upstream.requests).toHaveLength(3);
    (await held.happened).end('{}');
    expect(await trial).toMatchObject({ status: 200 });
    expect(await codes(send, 3)).toEqual([200, 200, 200]);
  });
});

describe('without Redis', () => {
  it('nothing is sent, as without a budget', async () => {
    const away = openRedis('redis://127.0.0.1:1', { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
    const circuits = new Circuits(away, freshPrefix(), 'boot');
    const layer = withBreaker(new Breaker(circuits, true), { key: 'k', maxFailures: 5, resetMs: 1_000 });
    let sent = 0;
    const attempt = layer(async () => {
      sent += 1;
      throw new Error('not reached');
    });
    const call = { method: 'GET', headers: {}, body: undefined, signal: undefined, deadlineMs: 1_000 } as const;
    const failure = await failureOf(attempt({ ...call, url: new URL('http://127.0.0.1/') }));
    expect(failure.code).toBe('BUDGET_UNAVAILABLE');
    expect(sent).toBe(0);
    expect((await failureOf(circuits.state('k'))).code).toBe('BUDGET_UNAVAILABLE');
    expect((await failureOf(circuits.byHand('k', 'open', 'ann'))).code).toBe('BUDGET_UNAVAILABLE');
  });
});
