import { randomUUID } from 'node:crypto';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EventClient, openEvents } from '../../../../testing/event-client.js';
import { oneConnection, type RunningApi, runningApi } from '../../../../testing/running-api.js';

let bed: TestBed;
let [api, other]: RunningApi[] = [];
let syncId: string;
let clients: EventClient[] = [];

beforeAll(async () => {
  bed = await createTestBed();
  [api, other] = await Promise.all([runningApi(bed, oneConnection), runningApi(bed, oneConnection)]);
});
afterAll(async () => {
  await Promise.all([api?.stop(), other?.stop()]);
  await bed.close();
});
beforeEach(async () => {
  syncId = (await at(api).send('POST', '/api/v1/sync/trigger')).body.sync_id;
  await advance('running', 0);
});
afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  await finish('cancelled');
});

const at = (one: RunningApi | undefined): RunningApi => {
  if (one === undefined) throw new Error('not started');
  return one;
};
const follow = async (headers: Record<string, string> = {}, one = api, id = syncId) => {
  const authorization = `Bearer ${bed.adminKey}`;
  const client = await openEvents(`${at(one).url}/api/v1/sync/progress/${id}/stream`, { authorization, ...headers });
  clients.push(client);
  return client;
};
/** What a worker does to the rows; no worker runs here. */
const advance = async (status: string, read: number) => {
  await sql`update sync_jobs set status = 'running', started_at = coalesce(started_at, now()) where id = ${syncId}
    and status = 'queued'`.execute(bed.db);
  await sql`update sync_progress set status = ${status}, records_read = ${read}, records_created = ${read}
    where sync_job_id = ${syncId} and position = 0`.execute(bed.db);
};
const finish = (status: string) =>
  sql`update sync_jobs set status = ${status}, ended_at = now() where id = ${syncId}
    and status in ('queued', 'running')`.execute(bed.db);

describe('a stream', () => {
  it('tells how far the sync is, and every change, and ends with it', async () => {
    const client = await follow();
    expect([client.status, client.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    expect(client.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(client.headers.get('x-accel-buffering')).toBe('no');
    await client.until('the first state', ({ records_processed }) => records_processed === 0);
    await advance('running', 7);
    await client.until('the change', ({ records_processed }) => records_processed === 7);
    await finish('succeeded');
    await client.ended;
    const events = client.events();
    expect(events.at(-1)?.data).toMatchObject({ sync_id: syncId, status: 'completed', progress_percentage: 100 });
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(events.at(-1)?.data).toEqual((await at(api).get(`/api/v1/sync/progress/${syncId}`)).body);
  });

  it('is taken up at another process: nothing that was seen comes again, and nothing new is missed', async () => {
    const first = await follow();
    const seen = await first.until('the first state', ({ status }) => status === 'running');
    first.close();
    const second = await follow({ 'last-event-id': seen.id }, other);
    await eventually('the stream to be open', () => second.text().includes(': following'));
    await advance('running', 3);
    await second.until('the change', ({ records_processed }) => records_processed === 3);
    expect(second.events().map(({ data }) => data.records_processed)).toEqual([3]);
    second.close();
    // Missed while nobody listened: it comes at once.
    await advance('running', 4);
    const third = await follow({ 'last-event-id': second.events().at(-1)?.id ?? '' });
    await third.until('what was missed', ({ records_processed }) => records_processed === 4);
    await finish('failed');
    await third.ended;
    const last = third.events().at(-1);
    expect(last?.data.status).toBe('failed');
    // A browser that comes back after the last event is told to stay away.
    expect((await follow({ 'last-event-id': last?.id ?? '' }, other)).status).toBe(204);
    const late = await follow();
    await late.ended;
    expect(late.events()).toEqual([last]);
  });

  it('is refused for syncs that are not there, in the words of the guide', async () => {
    for (const id of [randomUUID(), 'sync_org_123_20250630_120000']) {
      const { status, body } = await at(api).get(`/api/v1/sync/progress/${id}/stream`);
      expect([status, body.success, body.details.error_type]).toEqual([404, false, 'not_found']);
    }
  });

  it('cannot be had by one caller without number, and a place that is given back can be had again', async () => {
    const open: EventClient[] = [];
    const refused = await eventually('the limit', async () => {
      const client = await follow();
      open.push(client);
      expect(open.length).toBeLessThan(100);
      return client.status === 429 && client;
    });
    expect(refused.headers.get('retry-after')).toBe('5');
    for (const client of open) client.close();
    await eventually('a place', async () => {
      const client = await follow();
      return client.status === 200 || void client.close();
    });
  });
});

describe('the end of a process', () => {
  it('ends its streams and is not held up by them; the client goes on at another', async () => {
    const own = await runningApi(bed, oneConnection);
    const client = await follow({}, own);
    const seen = await client.until('the first state', ({ status }) => status === 'running');
    const started = performance.now();
    await own.stop();
    // Not the seven seconds after which connections are cut.
    expect(performance.now() - started).toBeLessThan(5_000);
    await client.ended;
    const next = await follow({ 'last-event-id': seen.id });
    await advance('running', 9);
    await next.until('the change', ({ records_processed }) => records_processed === 9);
  });
});
