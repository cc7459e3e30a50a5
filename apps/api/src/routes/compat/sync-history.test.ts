import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { oneConnection, type RunningApi, runningApi } from '../../../testing/running-api.js';

let bed: TestBed;
let api: RunningApi;
let connectionId: string;

const statuses = ['succeeded', 'partial', 'failed', 'cancelled'] as const;

/** 25 jobs, the newest last: the four ways to end in turn, and one that runs. */
beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, oneConnection);
  const connection = await bed.db.selectFrom('connections').select(['id', 'organization_id']).executeTakeFirstOrThrow();
  connectionId = connection.id;
  const owner = { organization_id: connection.organization_id, connection_id: connection.id };
  for (let i = 0; i < 25; i += 1) {
    const running = i === 24;
    const at = new Date(Date.UTC(2026, 0, 1, 0, i));
    const { id } = await bed.db
      .insertInto('sync_jobs')
      .values({
        ...{
          ...owner,
          sync_type: i % 2 === 0 ? 'full' : 'contacts',
          mode: 'full',
          trigger: 'manual',
          triggered_by: 'admin key',
        },
        status: running ? 'running' : (statuses[i % 4] ?? 'failed'),
        ...{ created_at: at, started_at: at, ended_at: running ? null : at },
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const counts = {
      records_read: 10,
      records_created: 4,
      records_updated: 3,
      records_unchanged: 2,
      records_failed: 1,
    };
    const run = { ...owner, sync_job_id: id, mode: 'full', records_expected: 20, ...counts } as const;
    await bed.db
      .insertInto('sync_progress')
      .values([
        { ...run, entity: 'accounts', position: 0, status: 'succeeded', mode_reason: 'no watermark yet' },
        {
          ...run,
          entity: 'contacts',
          position: 1,
          status: running ? 'running' : 'failed',
          waiting_for: running ? 'budget' : null,
        },
      ])
      .execute();
  }
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});

test('status shows the running sync with its entities, the last ten, and no secret', async () => {
  const { body } = await api.get('/api/sync/status');
  expect(body.state).toBe('running');
  expect(body.running).toMatchObject({
    ...{ sync_type: 'full', status: 'running', phase: 'running', triggered_by: 'admin key' },
    ...{ started_at: '2026-01-01T00:24:00.000Z', completed_at: null, error_message: null },
    ...{ records_processed: 20, records_created: 8, records_updated: 6, records_unchanged: 4, records_failed: 2 },
    details: {
      entities: [
        { entity: 'accounts', status: 'success', percent: 100, mode_reason: 'no watermark yet', records_processed: 10 },
        { entity: 'contacts', status: 'running', percent: 50, waiting_for: 'budget' },
      ],
    },
  });
  expect(body.recent).toHaveLength(10);
  expect(body.recent[0]).toMatchObject({ status: 'cancelled', phase: 'ended', created_at: '2026-01-01T00:23:00.000Z' });
  expect(body.connection).toEqual({
    ...{ id: connectionId, name: 'environment', connector: 'practicepanther', status: 'active', statusReason: null },
  });
  expect(JSON.stringify(body)).not.toContain('S3CRET');
});

test('the history comes in pages, newest first, each entry once', async () => {
  const seen: string[] = [];
  for (const page of [1, 2, 3]) {
    const { body } = await api.get(`/api/sync/logs?page=${page}&limit=10`);
    expect(body.pagination).toEqual({ page, limit: 10, total: 25, totalPages: 3, capped: false });
    seen.push(...body.data.map((log: { created_at: string }) => log.created_at));
  }
  expect(seen).toEqual([...new Set(seen)].sort().reverse());
  expect(seen).toHaveLength(25);
  expect((await api.get('/api/sync/logs?page=4&limit=10')).body.data).toEqual([]);
  expect((await api.get('/api/sync/logs')).body.data).toHaveLength(20);
});

test.each([
  ['status=success', 6],
  ['status=succeeded', 6],
  ['status=error', 6],
  ['status=failed', 6],
  ['status=partial', 6],
  ['status=cancelled', 6],
  ['status=running', 1],
  ['status=queued', 0],
  ['syncType=contacts', 12],
  ['syncType=full&status=running', 1],
  ['syncType=full&status=error', 6],
  ['syncType=contacts&status=error', 0],
  ['syncType=&status=', 25],
])('logs?%s finds %i', async (query, total) => {
  const { body } = await api.get(`/api/sync/logs?limit=100&${query}`);
  expect([body.data.length, body.pagination.total]).toEqual([total, total]);
});

test.each([
  ['status', 'broken', ['success', 'partial', 'error', 'running']],
  ['syncType', 'invoices', ['full', 'incremental', 'contacts', 'matters', 'tasks']],
])('a %s that does not exist is refused with those that do', async (field, value, allowed) => {
  const { status, body } = await api.get(`/api/sync/logs?${field}=${value}`);
  expect([status, body.code, body.errors[0].field]).toEqual([400, 'VALIDATION_FAILED', field]);
  for (const word of allowed) expect(body.errors[0].message).toContain(`"${word}"`);
});

test('a job by its id is in our own words', async () => {
  const { id } = (await api.get('/api/sync/logs?status=error&limit=1')).body.data[0];
  const { body } = await api.get(`/api/v1/sync/jobs/${id}`);
  expect(body).toMatchObject({
    ...{ id, connectionId, status: 'failed', mode: 'full', triggeredBy: 'admin key' },
    entities: [
      { entity: 'accounts', status: 'succeeded', percent: 100 },
      { entity: 'contacts', status: 'failed', percent: 50, recordsRead: 10 },
    ],
  });
  const upper = await api.get(`/api/v1/sync/jobs/${id.toUpperCase()}`);
  expect(upper.body.id).toBe(id);
  const unknown = await api.get('/api/v1/sync/jobs/00000000-0000-4000-8000-000000000000');
  const malformed = await api.get('/api/v1/sync/jobs/1');
  expect(unknown.body.detail).toBe(malformed.body.detail);
  expect([unknown.status, malformed.status]).toEqual([404, 404]);
});
