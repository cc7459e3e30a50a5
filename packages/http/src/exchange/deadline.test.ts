import { getEventListeners } from 'node:events';
import { Agent } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { event } from '../../testing/event.js';
import { failureOf, openLane } from '../../testing/road.js';
import { startRawUpstream, startUpstream } from '../../testing/upstream.js';
import { attemptOver } from './attempt-over.js';

const get = { method: 'GET', url: 'slow?since=secret' } as const;
const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n';

describe('the deadline', () => {
  it('ends a call that is never answered', async () => {
    const upstream = await startRawUpstream(() => {});
    const failure = await failureOf(openLane(upstream, { deadlineMs: 500 })(get));
    expect(failure).toMatchObject({ code: 'UPSTREAM_TIMEOUT', details: { path: '/slow', deadlineMs: 500 } });
    expect(upstream.hits()).toBe(1);
  });

  it('ends a body that stalls', async () => {
    const upstream = await startRawUpstream((socket) => socket.write(`${head}[1,`));
    expect((await failureOf(openLane(upstream, { deadlineMs: 100 })(get))).code).toBe('UPSTREAM_TIMEOUT');
  });

  it('ends a body that drips, though each byte comes in time, and closes the connection', async () => {
    let dripped = 0;
    const closed = event();
    const upstream = await startRawUpstream((socket) => {
      socket.write(head);
      const drip = setInterval(() => {
        socket.write(' ');
        dripped += 1;
      }, 10);
      socket.on('close', () => {
        clearInterval(drip);
        closed.report();
      });
    });
    expect((await failureOf(openLane(upstream, { deadlineMs: 500 })(get))).code).toBe('UPSTREAM_TIMEOUT');
    expect(dripped).toBeGreaterThan(1);
    await closed.happened;
  });

  it('ends headers that drip', async () => {
    const upstream = await startRawUpstream((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const drip = setInterval(() => socket.write('x-more: 1\r\n'), 10);
      socket.on('close', () => clearInterval(drip));
    });
    expect((await failureOf(openLane(upstream, { deadlineMs: 150 })(get))).code).toBe('UPSTREAM_TIMEOUT');
  });

  it('is per request where the request names one', async () => {
    const upstream = await startRawUpstream(() => {});
    const failure = await failureOf(openLane(upstream, { deadlineMs: 60_000 })({ ...get, deadlineMs: 50 }));
    expect(failure.details).toMatchObject({ deadlineMs: 50 });
  });

  it('ends a request that waits behind a busy connection, and that request is never sent', async () => {
    const busy = event<() => void>();
    const upstream = await startUpstream((request, response) => {
      if (request.url === '/first') busy.report(() => response.end('{}'));
      else response.end('{}');
    });
    const agent = new Agent({ connections: 1, pipelining: 1 });
    onTestFinished(() => agent.destroy());
    const attempt = attemptOver(agent, 1_000);
    const call = { method: 'GET', headers: {}, body: undefined, signal: undefined } as const;

    const first = attempt({ ...call, url: new URL('first', upstream.baseUrl), deadlineMs: 5_000 });
    const answerFirst = await busy.happened;
    const second = attempt({ ...call, url: new URL('second', upstream.baseUrl), deadlineMs: 50 });
    expect((await failureOf(second)).code).toBe('UPSTREAM_TIMEOUT');

    answerFirst();
    expect((await first).status).toBe(200);
    await attempt({ ...call, url: new URL('third', upstream.baseUrl), deadlineMs: 5_000 });
    expect(upstream.requests.map(({ message }) => message.url)).toEqual(['/first', '/third']);
  });
});

describe('the signal', () => {
  const reason = new Error('cancelled by an operator');

  it('ends a call under way with its reason', async () => {
    const abort = new AbortController();
    const upstream = await startRawUpstream(() => abort.abort(reason));
    const lane = openLane(upstream, { signal: abort.signal, retry: { tries: 3, baseMs: 1 } });
    await expect(lane(get)).rejects.toBe(reason);
    expect(upstream.hits()).toBe(1);
  });

  it('keeps a call from being sent', async () => {
    const upstream = await startRawUpstream(() => {});
    await expect(openLane(upstream, { signal: AbortSignal.abort(reason) })(get)).rejects.toBe(reason);
    expect(upstream.hits()).toBe(0);
  });

  it('may be shared by many calls without a warning, and keeps no listener of them', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): number => warnings.push(warning);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const { signal } = new AbortController();
    const upstream = await startUpstream((_, response) => response.end('{}'));
    const send = openLane(upstream, { signal });
    await Promise.all(Array.from({ length: 30 }, () => send(get)));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    expect(warnings).toEqual([]);
  });

  it('ends the wait before the next try', async () => {
    const abort = new AbortController();
    const upstream = await startUpstream((_, response) => {
      response.writeHead(503, { 'retry-after': '4' }).end();
      response.on('close', () => setTimeout(() => abort.abort(reason), 50));
    });
    const lane = openLane(upstream, { signal: abort.signal, retry: { tries: 3, baseMs: 1 } });
    await expect(lane(get)).rejects.toBe(reason);
    expect(upstream.requests).toHaveLength(1);
  });
});
