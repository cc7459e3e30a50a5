import { randomUUID } from 'node:crypto';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { oneConnection, type RunningApi, runningApi } from '../../../apps/api/testing/running-api.js';
import { startProxy, type TcpProxy } from '../../../test/chaos/proxy.js';
import { type Answer, json, type OddServer, startOddServer } from '../testing/odd-server.js';
import { createClient, type Schemas } from './create-client.js';
import type { FollowOptions } from './event-stream.js';

let bed: TestBed;
let api: RunningApi;
let proxy: TcpProxy;
let odd: OddServer;
let jobId: string;
beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, oneConnection);
  [proxy, odd] = await Promise.all([startProxy(api.url), startOddServer()]);
});
afterAll(async () => {
  await Promise.all([proxy.close(), odd.close()]);
  await api.stop();
  await bed.close();
});
beforeEach(async () => {
  jobId = (await api.send('POST', '/api/sync/trigger', { syncType: 'full' })).body.jobId;
  await advance(0);
});
afterEach(async () => {
  proxy.pass();
  await finish('cancelled');
});

/** What a worker does to the rows; no worker runs here. */
const advance = async (read: number) => {
  await sql`update sync_jobs set status = 'running', started_at = coalesce(started_at, now()) where id = ${jobId}
    and status = 'queued'`.execute(bed.db);
  await sql`update sync_progress set status = 'running', records_read = ${read}, records_created = ${read}
    where sync_job_id = ${jobId} and position = 0`.execute(bed.db);
};
const finish = (status: string) =>
  sql`update sync_jobs set status = ${status}, ended_at = now() where id = ${jobId}
    and status in ('queued', 'running')`.execute(bed.db);

function follow(options: FollowOptions = {}, id = jobId, url = proxy.url) {
  const seen: Schemas['SyncProgress'][] = [];
  const connections: string[] = [];
  const onConnection: FollowOptions['onConnection'] = (state, error) => connections.push(error?.code ?? state);
  const done = (async () => {
    const client = createClient({ baseUrl: url, key: bed.adminKey });
    for await (const progress of client.followSync(id, { onConnection, ...options })) seen.push(progress);
  })();
  done.catch(() => undefined);
  const until = (read: number) =>
    eventually(`${read} records`, () => seen.some(({ records_processed }) => records_processed === read));
  return { seen, connections, done, until };
}

describe('a sync that is followed', () => {
  it('tells every change, and ends with the sync', async () => {
    const { seen, connections, done, until } = follow();
    await until(0);
    await advance(7);
    await until(7);
    await finish('succeeded');
    await done;
    expect(connections).toEqual(['open']);
    expect(seen.map(({ status }) => status)).toEqual(['running', 'running', 'completed']);
    const late = follow();
    await late.done;
    expect(late.seen).toEqual(seen.slice(-1));
  });

  it('is followed through lost connections: nothing comes twice, and nothing new is missed', async () => {
    const { seen, connections, done, until } = follow();
    await until(0);
    expect(proxy.refuse()).toBeGreaterThan(0);
    await advance(3);
    await eventually('a failed attempt', () => connections.filter((state) => state === 'UNREACHABLE').length > 1);
    proxy.pass();
    await until(3);
    expect(proxy.cut()).toBeGreaterThan(0);
    await advance(4);
    await until(4);
    await finish('failed');
    await done;
    expect(seen.map(({ records_processed }) => records_processed)).toEqual([0, 3, 4, 4]);
    expect(seen.at(-1)?.status).toBe('failed');
    expect(connections.filter((state) => state === 'open')).toHaveLength(3);
  });

  it('is followed although a connection is dead and nobody said so', async () => {
    const { connections, done, until } = follow({ silenceMs: 700 });
    await until(0);
    expect(proxy.strand()).toBeGreaterThan(0);
    await advance(5);
    await until(5);
    expect(connections).toContain('UNREACHABLE');
    await finish('succeeded');
    await done;
  });

  it('is refused at once where there is none', async () => {
    const none = follow({}, randomUUID());
    await expect(none.done).rejects.toMatchObject({ name: 'SynclineError', code: 'NOT_FOUND', status: 404 });
  });

  it('is given up after as many failures in a row as were asked for', async () => {
    odd.answer(json(503, { code: 'DATABASE_UNAVAILABLE' }, { 'retry-after': '0' }));
    const { done } = follow({ reconnects: 2 }, jobId, odd.url);
    await expect(done).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(odd.requests).toHaveLength(3);
  });

  it('is not given up because of failures that were not in a row', async () => {
    const away = json(503, { code: 'DATABASE_UNAVAILABLE' }, { 'retry-after': '0' });
    const alive: Answer = (response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('retry: 5\n: alive\n\n');
    odd.answer(away, alive, away, alive, away, (response) => response.writeHead(204).end());
    await follow({ reconnects: 1 }, jobId, odd.url).done;
    expect(odd.requests).toHaveLength(6);
  });

  it('is left by whoever has seen enough, and its connection is closed', async () => {
    const controller = new AbortController();
    const { done, until } = follow({ signal: controller.signal });
    await until(0);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(done).rejects.toBe(reason);
    // More often than one may follow at a time.
    const client = createClient({ baseUrl: proxy.url, key: bed.adminKey });
    for (let i = 0; i < 25; i += 1) {
      for await (const { status } of client.followSync(jobId, { reconnects: 1 })) {
        expect(status).toBe('running');
        break;
      }
    }
  });
});

const stream =
  (...parts: (string | Buffer)[]): Answer =>
  async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const part of parts) await new Promise((sent) => response.write(part, sent));
    response.end();
  };
const noMore: Answer = (response) => response.writeHead(204).end();
/** All that comes until the server says that there will be no more. */
const eventsOf = async (options: FollowOptions = {}) => {
  const events: unknown[] = [];
  for await (const event of createClient({ baseUrl: odd.url, key: 'k' }).followEvents('/api/v1/events', options))
    events.push(event);
  return events;
};
const namedIds = () => odd.requests.map(({ headers }) => headers['last-event-id']);

describe('events of any path', () => {
  it('are taken up where they ended, after the time that the server names, until it says that there are no more', async () => {
    odd.answer(
      stream('retry: 10\nid: 1\nevent: changed\ndata: {"what":["alerts"]}\n\nid: 2\nevent: jobs\ndata: {"jobs":\n'),
      stream('id: 2\nevent: jobs\ndata: {"jobs":\ndata: []}\n\n'),
      noMore,
    );
    expect(await eventsOf({ lastEventId: '0' })).toEqual([
      { id: '1', event: 'changed', data: { what: ['alerts'] } },
      { id: '2', event: 'jobs', data: { jobs: [] } },
    ]);
    expect(namedIds()).toEqual(['0', '1', '2']);
  });

  it('are all told when a connection ends between several that were sent at once, the last of which has the id', async () => {
    odd.answer(stream('retry: 5\nid: 1\ndata: 1\n\n'), stream('data: 2\n\nid: 3\nda'), noMore);
    expect(await eventsOf()).toHaveLength(2);
    expect(namedIds()).toEqual([undefined, '1', '1']);
  });

  it('are whole wherever the network cuts them: inside a character, and between CR and LF', async () => {
    const text = Buffer.from('retry: 5\r\nid: ä\r\ndata: "€ 𝄞"\r\n\r\n: alive\r\n\r\n');
    odd.answer(stream(...[...text].map((byte) => Buffer.of(byte))), noMore);
    expect(await eventsOf()).toEqual([{ id: 'ä', event: 'message', data: '€ 𝄞' }]);
  });

  it('may take long to be looked at: only a connection that is silent is dead', async () => {
    const slowly: Answer = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 5\ndata: 1\n\n');
      setTimeout(() => response.end('data: 2\n\n'), 300);
    };
    odd.answer(slowly, noMore);
    const states: string[] = [];
    const client = createClient({ baseUrl: odd.url, key: 'k' });
    const options: FollowOptions = { silenceMs: 150, onConnection: (_, error) => states.push(error?.detail ?? 'well') };
    for await (const { data } of client.followEvents('/api/v1/events', options)) {
      if (data === 1) await new Promise((looked) => setTimeout(looked, 400));
    }
    expect(states).toEqual(['well', 'well']);
  });

  it.each<[string, Answer]>([
    ['ends every stream at once', stream('retry: 0\n\n')],
    ['wants to be asked again at once, each time', json(503, { code: 'DATABASE_UNAVAILABLE' }, { 'retry-after': '0' })],
    [
      'wants a time that no timer knows',
      json(503, { code: 'DATABASE_UNAVAILABLE' }, { 'retry-after': '9'.repeat(400) }),
    ],
  ])('are not asked for as fast as can be of a server that %s', async (_, answer) => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    odd.answer(answer);
    const gone = new AbortController();
    const following = eventsOf({ signal: gone.signal, reconnects: Number.POSITIVE_INFINITY });
    await eventually('an attempt', () => odd.requests.length > 0);
    setTimeout(() => gone.abort(new Error('gone')), 400);
    await expect(following).rejects.toThrow('gone');
    vi.restoreAllMocks();
    expect(odd.requests.length).toBeLessThan(6);
  });

  it('may not be so long that they fill the memory', async () => {
    const MiB = 'x'.repeat(1024 * 1024);
    odd.answer(stream('data: ', ...Array<string>(20).fill(MiB)));
    await expect(eventsOf({ reconnects: 0 })).rejects.toMatchObject({ code: 'UNREADABLE' });
  });

  it('are not what a proxy answers instead', async () => {
    odd.answer((response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'));
    const client = createClient({ baseUrl: odd.url, key: 'k' });
    const first = client.followEvents('/api/v1/events', { reconnects: 0 }).next();
    await expect(first).rejects.toMatchObject({ code: 'UNREADABLE' });
  });
});
