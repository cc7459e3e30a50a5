import { connectors } from '@syncline/connectors';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { oneConnection, type RunningApi, runningApi } from '../../../testing/running-api.js';
import { syncTypesOf } from './sync-types.js';

let bed: TestBed;
let apis: RunningApi[];

const start = async (extra?: Record<string, string>) => {
  const api = await runningApi(bed, extra);
  apis.push(api);
  return api;
};
const jobs = () => bed.db.selectFrom('sync_jobs').selectAll().execute();
const addConnection = async (name: string, status: 'active' | 'paused' = 'active') => {
  const { id } = await bed.db.selectFrom('organizations').select('id').executeTakeFirstOrThrow();
  const row = { organization_id: id, connector: 'practicepanther', name, status, status_reason: null, settings: '{}' };
  return (await bed.db.insertInto('connections').values(row).returning('id').executeTakeFirstOrThrow()).id;
};

beforeEach(async () => {
  bed = await createTestBed();
  apis = [];
});
afterEach(async () => {
  await Promise.all(apis.map((api) => api.stop()));
  await bed.close();
});

test('a trigger is in Postgres and in the queues before it is answered, and says where to follow it', async () => {
  const api = await start(oneConnection);
  const { status, body, headers } = await api.send('POST', '/api/sync/trigger', { syncType: 'contacts' });
  expect(status).toBe(202);
  expect(body).toMatchObject({
    ...{ syncType: 'contacts', mode: 'incremental', status: 'queued', enqueued: true },
    entities: ['accounts', 'contacts'],
    statusUrl: `/api/v1/sync/jobs/${body.jobId}`,
  });
  expect(headers.get('location')).toBe(body.statusUrl);
  expect(await jobs()).toMatchObject([
    {
      id: body.jobId,
      sync_type: 'contacts',
      mode: 'incremental',
      trigger: 'manual',
      triggered_by: 'admin key',
      status: 'queued',
    },
  ]);
  const { body: board } = await api.get('/admin/queues/api/queues?activeQueue=&page=1&jobsPerPage=10');
  const counts = Object.fromEntries(
    board.queues.map((queue: { name: string; counts: object }) => [queue.name, queue.counts]),
  );
  expect(counts).toMatchObject({
    'practicepanther-accounts': { prioritized: 1 },
    'practicepanther-contacts': { 'waiting-children': 1 },
    'sync-finish': { 'waiting-children': 1 },
  });
});

test('of triggers at the same moment, from two processes, exactly one starts and the others learn which', async () => {
  const [one, two] = [await start(oneConnection), await start(oneConnection)];
  const answers = await Promise.all(
    [one, two, one, two, one].map((api) => api.send('POST', '/api/sync/trigger', { syncType: 'full' })),
  );
  const [started, ...more] = answers.filter(({ status }) => status === 202);
  expect(more).toEqual([]);
  const refused = answers.filter(({ status }) => status === 409);
  expect(refused.map(({ body }) => [body.code, body.runningJobId])).toEqual(
    Array.from({ length: 4 }, () => ['SYNC_ALREADY_RUNNING', started?.body.jobId]),
  );
  expect(await jobs()).toHaveLength(1);
});

test('every sync type can be triggered', async () => {
  const api = await start(oneConnection);
  const types = syncTypesOf(connectors);
  expect(types).toHaveLength(12);
  for (const syncType of types) {
    const { status, body } = await api.send('POST', '/api/sync/trigger', { syncType });
    expect([syncType, status]).toEqual([syncType, 202]);
    const all = syncType === 'full' || syncType === 'incremental';
    expect(body.entities.at(-1)).toBe(all ? 'timeentries' : syncType);
    expect(body).toMatchObject({ mode: syncType === 'full' ? 'full' : 'incremental', selection: null });
    expect((await api.send('POST', `/api/v1/sync/jobs/${body.jobId}/cancel`)).status).toBe(200);
  }
});

test('a selection is kept with the job, and shown with it', async () => {
  const api = await start(oneConnection);
  const june = { from: '2025-06-01T00:00:00.000Z', to: '2025-06-30T23:59:59.999Z' };
  const orders = [
    { syncType: 'matters', asked: { id: 'm1' }, selection: { ids: ['m1'] }, entities: ['matters'] },
    { syncType: 'tasks', asked: { ids: ['b', 'a', 'b'] }, selection: { ids: ['b', 'a'] }, entities: ['tasks'] },
    {
      ...{ syncType: 'contacts', asked: { from: '2025-06-01', to: '2025-06-30' } },
      ...{ selection: june, entities: ['accounts', 'contacts'] },
    },
    {
      ...{ syncType: 'full', asked: { from: '2025-06-01' }, selection: { ...june, to: null } },
      entities: syncTypesOf(connectors).slice(2),
    },
  ];
  for (const { syncType, asked, selection, entities } of orders) {
    const { status, body } = await api.send('POST', '/api/sync/trigger', { syncType, selection: asked });
    expect(status).toBe(202);
    const [row] = await jobs().then((rows) => rows.filter(({ id }) => id === body.jobId));
    const job = (await api.get(`/api/v1/sync/jobs/${body.jobId}`)).body;
    for (const shown of [body, row, job]) expect(shown).toMatchObject({ mode: 'backfill', selection });
    const runs = job.entities.map(({ entity, mode }: { entity: string; mode: string }) => [entity, mode]);
    expect(runs).toEqual(entities.map((entity) => [entity, 'backfill']));
    const [log] = (await api.get('/api/sync/logs?limit=1')).body.data;
    expect(log).toMatchObject({ id: body.jobId, mode: 'backfill', details: { selection } });
    await api.send('POST', `/api/v1/sync/jobs/${body.jobId}/cancel`);
  }
});

test('without a connection there is nothing to sync', async () => {
  const { status, body } = await (await start()).send('POST', '/api/sync/trigger', { syncType: 'full' });
  expect([status, body.code]).toEqual([404, 'CONNECTION_NOT_FOUND']);
});

test('of several connections one has to be named, and each has a job of its own', async () => {
  const api = await start(oneConnection);
  const second = await addConnection('second');
  const trigger = (connectionId?: string) => api.send('POST', '/api/sync/trigger', { syncType: 'full', connectionId });
  const unclear = await trigger();
  expect([unclear.status, unclear.body.code]).toEqual([400, 'CONNECTION_AMBIGUOUS']);
  expect(unclear.body.detail).toContain(second);
  const unknown = await trigger('00000000-0000-4000-8000-000000000000');
  expect([unknown.status, unknown.body.code]).toEqual([404, 'CONNECTION_NOT_FOUND']);
  expect((await trigger(second)).status).toBe(202);
  expect((await trigger(second)).status).toBe(409);
  const [first] = await bed.db.selectFrom('connections').select('id').where('id', '<>', second).execute();
  expect((await trigger(first?.id)).status).toBe(202);
  expect(await jobs()).toHaveLength(2);
});

test("another organization's connection and jobs are as unknown as none", async () => {
  const api = await start(oneConnection);
  const [stranger] = await bed.db
    .insertInto('organizations')
    .values({ slug: 'other', name: 'Other' })
    .returning('id')
    .execute();
  const organization_id = stranger?.id ?? '';
  const owned = { organization_id, connector: 'practicepanther', name: 'theirs', settings: '{}' };
  const connection = await bed.db.insertInto('connections').values(owned).returning('id').executeTakeFirstOrThrow();
  const job = {
    organization_id,
    connection_id: connection.id,
    sync_type: 'full',
    mode: 'full',
    trigger: 'manual',
  } as const;
  const { id } = await bed.db.insertInto('sync_jobs').values(job).returning('id').executeTakeFirstOrThrow();
  expect((await api.send('POST', '/api/sync/trigger', { syncType: 'full', connectionId: connection.id })).status).toBe(
    404,
  );
  expect((await api.get(`/api/sync/status?connectionId=${connection.id}`)).status).toBe(404);
  expect((await api.get(`/api/v1/sync/jobs/${id}`)).status).toBe(404);
  expect((await api.get('/api/sync/logs')).body.pagination.total).toBe(0);
});

test('a paused connection is not synced', async () => {
  const api = await start();
  const connectionId = await addConnection('paused one', 'paused');
  const { status, body } = await api.send('POST', '/api/sync/trigger', { syncType: 'full', connectionId });
  expect([status, body.code]).toEqual([409, 'CONNECTION_NOT_READY']);
});

test('while Redis is away a trigger is kept, and answered at once', async () => {
  const api = await start({ ...oneConnection, REDIS_URL: 'redis://127.0.0.1:1' });
  const started = performance.now();
  const { status, body } = await api.send('POST', '/api/sync/trigger', { syncType: 'full' });
  expect([status, body.enqueued]).toEqual([202, false]);
  expect(performance.now() - started).toBeLessThan(1_500);
  expect(await jobs()).toMatchObject([{ status: 'queued' }]);
  expect((await api.get('/api/sync/status')).body.running.phase).toBe('queued');
});
