import { connectors } from '@syncline/connectors';
import { type Consumer, consume, entityQueue, openRedis } from '@syncline/queue';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { oneConnection, type RunningApi, runningApi } from '../../testing/running-api.js';

const queue = entityQueue('practicepanther', 'accounts');
const board = '/admin/queues/api/queues';

let bed: TestBed;
let api: RunningApi;
let connection: ReturnType<typeof openRedis>;
let consumer: Consumer;
let works = false;

interface BoardQueue {
  readonly name: string;
  readonly counts: Record<string, number>;
  readonly jobs: { readonly id: string }[];
}

async function look(status = 'latest'): Promise<BoardQueue> {
  const { body } = await api.get(`${board}?activeQueue=${queue}&status=${status}&page=1&jobsPerPage=10`);
  return body.queues.find(({ name }: BoardQueue) => name === queue);
}

/** The first step of a flow fails for good. */
beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, oneConnection);
  await api.send('POST', '/api/sync/trigger', { syncType: 'contacts' });
  connection = openRedis({ redisUrl: bed.redisUrl, failFast: false, onError: () => undefined });
  consumer = consume({
    ...{ queue, connection, prefix: bed.prefix, concurrency: 1, isFinal: () => true, onError: () => undefined },
    handle: async () => {
      if (!works) throw new Error('fails for good');
      return { kind: 'done' };
    },
  });
  await eventually('the failed job', async () => (await look()).counts.failed === 1);
});
afterAll(async () => {
  await consumer.stop();
  connection.disconnect();
  await api.stop();
  await bed.close();
});

test('every queue is on the board, under our name', async () => {
  const { body } = await api.get(`${board}?activeQueue=&page=1&jobsPerPage=10`);
  expect(body.queues.map(({ name }: BoardQueue) => name)).toEqual([
    ...connectors.flatMap(({ id, entities }) => entities.map(({ name }) => entityQueue(id, name))),
    ...['sync-finish', 'sync-recovery', 'sync-webhooks', 'sync-verify', 'dead-letter', 'sync-schedules'],
  ]);
  expect((await api.get('/admin/queues')).body).toContain('"boardTitle":"Syncline"');
});

test('the flow of a job can be read, to its root', async () => {
  const [job] = (await look('failed')).jobs;
  const { status, body } = await api.get(`${board}/${queue}/${job?.id}/flow`);
  expect(status).toBe(200);
  expect(JSON.stringify(body)).toContain('sync-finish');
});

test('what would release the rest of the flow is denied, and the failed job stays', async () => {
  const [job] = (await look('failed')).jobs;
  const attempts = [
    `${board}/${queue}/clean/failed`,
    `${board}/${queue}/empty`,
    `${board}/${queue}/obliterate`,
    `${board}/${queue}/${job?.id}/clean`,
    `${board}/${queue}/${job?.id}/remove-unprocessed-children`,
    `${board}/${queue}/retry/completed`,
  ];
  for (const path of attempts) {
    const { status, body } = await api.send('PUT', path, {});
    expect([path, status]).toEqual([path, 403]);
    expect(body.message).toContain('Switched off in Syncline');
  }
  expect((await look()).counts.failed).toBe(1);
});

test('a failed job can be retried', async () => {
  const [job] = (await look('failed')).jobs;
  works = true;
  expect((await api.send('PUT', `${board}/${queue}/${job?.id}/retry/failed`)).status).toBe(404);
  expect((await api.send('PUT', `${board}/${queue}/${job?.id}/retry`)).status).toBe(204);
  await eventually('the job to succeed', async () => (await look()).counts.completed === 1);
});
