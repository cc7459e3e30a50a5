import { type Simulator, startSimulator } from '@syncline/connectors/irelandpay/simulator';
import { openRedis } from '@syncline/queue';
import { createTestBed, eventually, type ServiceProcess, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allOfPostgres, allOfRedis } from '../../../../testing/everywhere.js';

const path = '/api/sync-irelandpay-crm/enhanced';
const [ownKey, canary, wrongKey] = ['own-key-of-the-connection', 'CANARY-ad-hoc-key-0815', 'CANARY-wrong-key-4711'];

let bed: TestBed;
let [own, foreign]: Simulator[] = [];
let api: ServiceProcess & { readonly url: string };
let worker: ServiceProcess;
/** Everything that the API has answered. */
let answers = '';
beforeAll(async () => {
  bed = await createTestBed();
  const small = { merchants: 3, months: 2, transactions: 120, lineItems: 1, quirks: { quota: null } };
  own = await startSimulator({ ...small, apiKey: ownKey });
  // Another account: other merchants.
  foreign = await startSimulator({ ...small, seed: 7, merchants: 2, apiKey: canary });
  const month = new Date(Date.now() - 31 * 86_400_000).toISOString().slice(0, 7);
  const environment = {
    ...{ IRELANDPAY_CRM_API_KEY: ownKey, IRELANDPAY_CRM_BASE_URL: own.url, IRELANDPAY_HISTORY_FROM: month },
    ...{ IRELANDPAY_MAX_RETRIES: '1', SYNCLINE_ADHOC_CREDENTIALS: 'true', LOG_LEVEL: 'trace' },
    SYNCLINE_EGRESS_ALLOW: [own, foreign].map(({ url }) => new URL(url).host).join(),
  };
  [api, worker] = await Promise.all([bed.startApi(environment), bed.startWorker(environment)]);
});
afterAll(async () => {
  await bed.close();
  await Promise.all([own?.close(), foreign?.close()]);
});

const the = (simulator: Simulator | undefined): Simulator => {
  if (simulator === undefined) throw new Error('not started');
  return simulator;
};

async function ask(method: string, query: string, body?: object) {
  const response = await fetch(`${api.url}${query}`, {
    method,
    headers: { authorization: `Bearer ${bed.adminKey}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  answers += `${text}${JSON.stringify([...response.headers])}`;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
  return { status: response.status, body: JSON.parse(text) as any };
}
const start = (body: object) => ask('POST', path, body);
const follow = (syncId: string) => ask('GET', `${path}?syncId=${syncId}`);
const end = async (syncId: string) =>
  eventually(`the end of ${syncId}`, async () => {
    const { body } = await follow(syncId);
    return body.completedAt !== null && body;
  });
const rows = async (query: string) => (await sql<Record<string, unknown>>`${sql.raw(query)}`.execute(bed.db)).rows;
const states = () => rows('select entity, watermark, continuation from sync_state order by entity');
const secrets = () => rows('select * from job_secrets');

describe('a sync by the enhanced sync document', () => {
  it('is started by its type, and tells phase, percent, message, metrics and errors, also in SQL', async () => {
    expect((await ask('GET', path)).status).toBe(404);
    const started = await start({ syncType: 'daily' });
    expect(started).toMatchObject({ status: 202, body: { success: true, syncType: 'daily', adhoc: false } });
    const { syncId } = started.body;
    const ended = await end(syncId);
    expect(ended).toMatchObject({
      status: 'completed',
      phase: 'completed',
      progress: 100,
      errors: [],
      syncType: 'daily',
    });
    expect(Object.keys(ended.metrics)).toEqual(['merchants', 'transactions', 'residuals']);
    expect(ended.metrics.merchants).toMatchObject({ status: 'succeeded', fetched: 3, new: 3, updated: 0, failed: 0 });
    // What was before its trailing window is the history's.
    expect(ended.metrics.transactions.new).toBeGreaterThan(0);
    expect(ended.metrics.transactions.durationSeconds).toBeGreaterThan(0);
    expect((await ask('GET', path)).body.syncId).toBe(syncId);
    const inSql = await rows(`select phase, status, progress, message, metrics - 'durationSeconds' as metrics
      from sync_phases where sync_job_id = '${syncId}' order by position`);
    expect(inSql).toEqual(
      ended.entities.map(({ entity, status, phase: _, durationSeconds: __, ...metrics }: Record<string, unknown>) => ({
        ...{ phase: entity, status, progress: 100, message: 'Succeeded', metrics },
      })),
    );
  });

  it('means the history by `initial`, which is followed by its own id, and again when it is done', async () => {
    const [before] = await rows('select id, state from history_backfills');
    const started = await start({ syncType: 'initial' });
    expect(started).toMatchObject({ status: 202, body: { syncId: before?.['id'], mode: 'backfill', adhoc: false } });
    const { syncId, statusUrl } = started.body;
    const ended = await end(syncId);
    expect(ended).toMatchObject({ syncId, status: 'completed', phase: 'completed', progress: 100, errors: [] });
    expect(ended.metrics.history).toMatchObject({ status: 'succeeded', failed: 0 });
    expect(ended.metrics.history.fetched).toBeGreaterThan(0);
    expect((await ask('GET', statusUrl)).body).toMatchObject({ id: syncId, state: 'done' });
    // The windows of a history are not what somebody means who asks for the latest sync.
    expect((await ask('GET', path)).body.syncType).toBe('daily');
    expect(await rows('select count(*)::int as count from transactions')).toEqual([
      { count: the(own).state().transactions },
    ]);
  });

  it.each(['nonsense', '00000000-0000-4000-8000-000000000000'])('is not there by the id %s', async (syncId) => {
    expect(await follow(syncId)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });
});

describe('credentials for one sync', () => {
  it('are used for it alone, say nothing about the connection, and are nowhere to be found', async () => {
    const before = await states();
    the(own).requests.reset();
    const hold = the(foreign).holds.add({ match: { path: '/merchants' } });
    const started = await start({ syncType: 'initial', apiKey: canary, baseUrl: the(foreign).url });
    expect(started).toMatchObject({ status: 202, body: { adhoc: true, mode: 'full' } });
    await the(foreign).holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
    // While it runs, and is about to be used: sealed, and nowhere else.
    expect(await follow(started.body.syncId)).toMatchObject({ body: { status: 'running', phase: 'merchants' } });
    expect(await secrets()).toHaveLength(1);
    await expectNoCanary();
    the(foreign).holds.release();
    const ended = await end(started.body.syncId);
    expect(ended).toMatchObject({ status: 'completed', metrics: { merchants: { new: 2 } } });
    expect(await secrets()).toEqual([]);
    // It may have been shown less than the connection is.
    expect(await states()).toEqual(before);
    for (const table of ['merchants', 'residual_summaries', 'residuals', 'residual_line_items']) {
      expect(await rows(`select 1 from ${table} where deleted_at is not null`), table).toEqual([]);
      expect((await rows(`select 1 from ${table}`)).length, table).toBeGreaterThan(0);
    }
    expect(the(own).requests.entries).toEqual([]);
    const [audit] = await rows(`select details from audit_log where subject_id = '${started.body.syncId}'`);
    expect(audit?.['details']).toMatchObject({ adhocHost: new URL(the(foreign).url).host });
  });

  it('that are refused do not take the connection down; the next sync goes by its own', async () => {
    const { body } = await start({ syncType: 'manual', apiKey: wrongKey });
    const ended = await end(body.syncId);
    expect(ended.status).toBe('failed');
    expect(ended.errors[0]).toMatchObject({ code: 'UPSTREAM_AUTH' });
    expect(await rows('select status, status_reason from connections')).toEqual([
      { status: 'active', status_reason: null },
    ]);
    const next = await start({ syncType: 'manual' });
    expect(await end(next.body.syncId)).toMatchObject({ status: 'completed' });
  });

  it('are erased when somebody cancels the sync', async () => {
    const hold = the(foreign).holds.add({});
    const { body } = await start({ syncType: 'daily', apiKey: canary, baseUrl: the(foreign).url });
    await the(foreign).holds.untilHeld(hold, 1, AbortSignal.timeout(30_000));
    expect(await secrets()).toHaveLength(1);
    await ask('POST', `/api/v1/sync/jobs/${body.syncId}/cancel`);
    expect(await secrets()).toEqual([]);
    the(foreign).holds.release();
  });

  it.each([
    ['private', 'EGRESS_REFUSED', () => ({ apiKey: canary, baseUrl: 'http://10.0.0.1/api/v1/' }), undefined],
    ['of the cloud', 'EGRESS_REFUSED', () => ({ apiKey: canary, baseUrl: 'https://169.254.169.254/' }), undefined],
    ['no address', 'VALIDATION_FAILED', () => ({ apiKey: canary, baseUrl: 'ftp//x' }), 'baseUrl'],
    ['another, with the key of the connection', 'VALIDATION_FAILED', () => ({ baseUrl: the(foreign).url }), 'apiKey'],
    ['anything, with a key that is none', 'VALIDATION_FAILED', () => ({ apiKey: `${canary} ${canary}` }), 'apiKey'],
  ] as const)('to an address that is %s are refused, and nothing of them is kept', async (_, code, access, field) => {
    const jobs = await rows('select id from sync_jobs');
    the(foreign).requests.reset();
    const { status, body } = await start({ syncType: 'daily', ...access() });
    expect([status, body.code]).toEqual([code === 'EGRESS_REFUSED' ? 422 : 400, code]);
    if (field !== undefined) expect(body.errors).toMatchObject([{ field }]);
    expect([await secrets(), await rows('select id from sync_jobs')]).toEqual([[], jobs]);
    expect(the(foreign).requests.entries).toEqual([]);
  });

  it('are in no log, answer, table, key or value, after all of that', async () => {
    await expectNoCanary();
    expect(api.output()).toContain('"sync job created"');
    expect(worker.output()).toContain('"entity run claimed"');
  });
});

async function expectNoCanary(): Promise<void> {
  const redis = openRedis({ redisUrl: bed.redisUrl, failFast: false, onError: () => undefined });
  const places = {
    postgres: await allOfPostgres(bed.db),
    redis: await allOfRedis(redis, bed.prefix),
    api: api.output(),
    worker: worker.output(),
    answers,
  };
  redis.disconnect();
  for (const [place, text] of Object.entries(places)) {
    expect(text.length, place).toBeGreaterThan(0);
    for (const key of [canary, wrongKey]) {
      for (const form of [key, Buffer.from(key).toString('hex'), Buffer.from(key).toString('base64').slice(0, 20)]) {
        expect(text.includes(form), `${place} has ${form}`).toBe(false);
      }
    }
  }
}
