import { randomUUID } from 'node:crypto';
import { ensureOrganization, recordAudit } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPastSync } from '../../../testing/past-sync.js';
import { oneConnection, type RunningApi, runningApi } from '../../../testing/running-api.js';

let bed: TestBed;
let api: RunningApi;
let connection: { id: string; organization_id: string };

beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, { ...oneConnection, ENABLE_SYNC_SCHEDULER: 'true' });
  connection = await bed.db.selectFrom('connections').select(['id', 'organization_id']).executeTakeFirstOrThrow();
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});
beforeEach(async () => {
  await sql`truncate audit_log, sync_jobs, sync_failed_items cascade`.execute(bed.db);
  await sql`update organizations set stopped_at = null`.execute(bed.db);
});

interface Entry {
  readonly action: string;
  readonly subjectId: string | null;
  readonly details: Record<string, unknown>;
}

const audit = async (query = '') => (await api.get(`/api/v1/audit?limit=100${query}`)).body;
const actions = async (query = '') => ((await audit(query)).data as Entry[]).map(({ action }) => action);

async function addItem(): Promise<string> {
  const owner = { organization_id: connection.organization_id, connection_id: connection.id, entity: 'tasks' };
  const item = {
    ...owner,
    kind: 'record' as const,
    vendor_id: 'x',
    error_code: 'RECORD_INVALID',
    message: 'no',
  };
  const { id } = await bed.db
    .insertInto('sync_failed_items')
    .values({ ...item, payload: '{}', status: 'dead' })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Everything that somebody can do by hand, and the action that has to be noted for it. */
const deeds: Record<string, () => Promise<{ status: number }>> = {
  'sync.trigger': () => api.send('POST', '/api/sync/trigger', { syncType: 'contacts' }),
  'sync.cancel': async () => {
    const id = await addPastSync(bed.db, connection, { status: 'running', minutesAgo: 1, tookSeconds: null });
    return api.send('POST', `/api/v1/sync/jobs/${id}/cancel`);
  },
  'syncs.stop': () => api.send('POST', '/api/sync/stop'),
  'syncs.restart': async () => {
    await sql`update organizations set stopped_at = now()`.execute(bed.db);
    return api.send('POST', '/api/sync/restart');
  },
  'schedule.change': () => api.send('PUT', '/api/sync/schedule', { incrementalInterval: 20 }),
  'schedule.create': () =>
    api.send('POST', '/api/v1/schedules', {
      ...{ connectionId: connection.id, name: 'nightly', cron: '0 1 * * *', mode: 'full' },
    }),
  'schedule.delete': async () => {
    const { body } = await api.get('/api/v1/schedules');
    return api.send('DELETE', `/api/v1/schedules/${body.data[0].id}`);
  },
  'item.edit': async () =>
    api.send('PATCH', `/api/v1/failed-items/${await addItem()}`, { payload: { id: 'x', subject: 'S3CRET note' } }),
  'item.retry': async () => api.send('POST', `/api/v1/failed-items/${await addItem()}/retry`),
  'item.resolve': async () => api.send('POST', `/api/v1/failed-items/${await addItem()}/resolve`, { note: 'fine' }),
  'circuit.open': () => api.send('POST', `/api/v1/connections/${connection.id}/circuit/open`),
  'circuit.close': () => api.send('POST', `/api/v1/connections/${connection.id}/circuit/close`),
  'maintenance.cleanup': () => api.send('POST', '/api/v1/maintenance/cleanup', { daysToKeep: 30 }),
};

describe('what somebody does by hand', () => {
  it.each(Object.entries(deeds))('%s is noted with who, and from where', async (action, deed) => {
    expect((await deed()).status).toBeLessThan(300);
    const { data, pagination } = await audit();
    expect(data).toMatchObject([
      { action, actor: 'admin key', address: expect.stringMatching(/^(::ffff:)?127\.0\.0\.1$/) },
    ]);
    expect(pagination).toEqual({ page: 1, limit: 100, total: 1, totalPages: 1 });
    expect(JSON.stringify(data)).not.toContain('S3CRET');
  });

  it('is noted with what it was about', async () => {
    const { body } = await api.send('POST', '/api/sync/trigger', { syncType: 'contacts', mode: 'full' });
    expect((await audit()).data).toMatchObject([
      {
        ...{ action: 'sync.trigger', subjectKind: 'sync_job', subjectId: body.jobId },
        details: {
          connectionId: connection.id,
          syncType: 'contacts',
          mode: 'full',
          entities: ['accounts', 'contacts'],
        },
      },
    ]);
  });

  it('has the reason of a stop, which is told until it is lifted', async () => {
    const { body } = await api.send('POST', '/api/sync/stop', { reason: 'Ids change tonight' });
    expect(body).toMatchObject({ stopped: true, reason: 'Ids change tonight' });
    expect((await audit()).data).toMatchObject([{ details: { reason: 'Ids change tonight' } }]);
    expect((await api.get('/api/v1/overview')).body.stop.reason).toBe('Ids change tonight');
    await api.send('POST', '/api/sync/restart');
    const unasked = await api.send('POST', '/api/sync/stop', { reason: ' ', force: true });
    expect(unasked.body).toMatchObject({ stopped: true, reason: null });
    expect((await api.send('POST', '/api/sync/stop', { reason: 7 })).status).toBe(400);
    await api.send('POST', '/api/sync/restart');
  });

  it('is not noted when nothing came of it', async () => {
    await addPastSync(bed.db, connection, { status: 'running', minutesAgo: 1, tookSeconds: null });
    expect((await api.send('POST', '/api/sync/trigger', { syncType: 'full' })).status).toBe(409);
    await api.send('POST', '/api/sync/restart');
    await api.send('POST', `/api/v1/sync/jobs/${randomUUID()}/cancel`);
    expect(await actions()).toEqual([]);
  });

  it('came from the address of the connection, whatever a header says', async () => {
    const headers = { authorization: `Bearer ${bed.adminKey}`, 'x-forwarded-for': '203.0.113.9' };
    await fetch(`${api.url}/api/sync/stop`, { method: 'POST', headers });
    await api.send('POST', '/api/sync/restart');
    expect(JSON.stringify(await audit())).not.toContain('203.0.113.9');
  });
});

describe('GET /api/v1/audit', () => {
  it('comes in pages, the latest first, and can be narrowed down', async () => {
    const by = { organizationId: connection.organization_id, subjectKind: 'test' };
    for (const [i, actor] of ['Ann', 'Bob', 'Ann', 'Ann'].entries()) {
      await recordAudit(bed.db, { ...by, actor, action: i === 0 ? 'old' : `act.${i % 2}` });
    }
    await sql`update audit_log set created_at = '2026-01-01T00:00:00Z' where action = 'old'`.execute(bed.db);
    expect(await actions()).toEqual(['act.1', 'act.0', 'act.1', 'old']);
    expect(await actions('&actor=Bob')).toEqual(['act.1']);
    expect(await actions('&action=act.1')).toEqual(['act.1', 'act.1']);
    expect(await actions('&action=act.1&actor=Ann')).toEqual(['act.1']);
    expect(await actions('&search=nn')).toEqual(['act.1', 'act.0', 'old']);
    expect(await actions('&search=n%25')).toEqual([]);
    expect(await actions('&until=2026-01-01T00:00:01Z')).toEqual(['old']);
    expect(await actions('&until=2026-01-01T00:00:00Z')).toEqual([]);
    expect((await api.get('/api/v1/audit/actions')).body).toEqual({ data: ['act.0', 'act.1', 'old'] });
    expect(await actions('&since=2026-01-01T00:00:01Z')).toHaveLength(3);
    expect(await actions('&since=2026-01-01T02:00:00%2B02:00')).toHaveLength(4);
    const { data, pagination } = (await api.get('/api/v1/audit?page=2&limit=3')).body;
    expect(data).toMatchObject([{ action: 'old', createdAt: '2026-01-01T00:00:00.000Z', address: null }]);
    expect(pagination).toEqual({ page: 2, limit: 3, total: 4, totalPages: 2 });
  });

  it('shows an organization its own', async () => {
    const organizationId = await ensureOrganization(bed.db, `org-${randomUUID()}`, 'Another firm');
    await recordAudit(bed.db, { organizationId, actor: 'Eve', action: 'syncs.stop', subjectKind: 'organization' });
    expect(await audit()).toMatchObject({ data: [], pagination: { total: 0 } });
    expect((await api.get('/api/v1/audit/actions')).body.data).toEqual([]);
  });

  it.each([
    ['since=yesterday', 'since'],
    ['who=Ann', 'who'],
    ['limit=101', 'limit'],
  ])('refuses %s', async (query, field) => {
    const { status, body } = await api.get(`/api/v1/audit?${query}`);
    expect([status, body.errors[0].field]).toEqual([400, field]);
  });
});

describe('POST /api/v1/maintenance/cleanup', () => {
  const clean = (body: object) => api.send('POST', '/api/v1/maintenance/cleanup', body);

  it('clears what is older, here only, and says how much', async () => {
    const organization_id = await ensureOrganization(bed.db, `org-${randomUUID()}`, 'Another firm');
    const row = { organization_id, connector: 'practicepanther', name: 'theirs', status_reason: null, settings: '{}' };
    const { id } = await bed.db.insertInto('connections').values(row).returning('id').executeTakeFirstOrThrow();
    const old = { status: 'succeeded', minutesAgo: 95 * 1440 };
    await addPastSync(bed.db, { id, organization_id }, old);
    await addPastSync(bed.db, connection, old);
    await addPastSync(bed.db, connection, { ...old, minutesAgo: 60 * 1440 });
    const { status, body } = await clean({});
    expect([status, body]).toEqual([
      200,
      {
        daysToKeep: 90,
        deleted: { sync_jobs: 1, sync_progress: 1, sync_failed_items: 0, sync_schedule_runs: 0, audit_log: 0 },
        complete: true,
      },
    ]);
    expect((await clean({ daysToKeep: 30 })).body).toMatchObject({ daysToKeep: 30, deleted: { sync_jobs: 1 } });
    expect(await bed.db.selectFrom('sync_jobs').select('connection_id').execute()).toEqual([{ connection_id: id }]);
  });

  it.each([0, -1, 3651, 1.5, '90'])('refuses %j days', async (daysToKeep) => {
    const { status, body } = await clean({ daysToKeep });
    expect([status, body.errors]).toEqual([
      400,
      [{ field: 'daysToKeep', message: 'has to be a whole number of days from 1 to 3650' }],
    ]);
  });
});
