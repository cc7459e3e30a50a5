import { randomUUID } from 'node:crypto';
import { type Simulator, startSimulator } from '@syncline/connectors/practicepanther/simulator';
import { createVault, ensureOrganization } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { awayContext, withKey } from '../../../testing/away-context.js';
import { addPastSync, type PastSync } from '../../../testing/past-sync.js';
import { type RunningApi, runningApi } from '../../../testing/running-api.js';
import { createServer } from '../../create-server.js';

let bed: TestBed;
let vendor: Simulator;
let api: RunningApi;
let connection: { id: string; organization_id: string };
const limit = 1_000;

beforeAll(async () => {
  bed = await createTestBed();
  vendor = await startSimulator({ contacts: 5 });
  api = await runningApi(bed, {
    PP_CLIENT_ID: 'pp-demo-client',
    PP_CLIENT_SECRET: 'pp-demo-secret',
    PP_BASE_URL: vendor.url,
    PP_RATE_LIMIT_REQUESTS: String(limit),
    PP_BACKOFF_BASE_MS: '1',
    SYNCLINE_EGRESS_ALLOW: new URL(vendor.url).host,
  });
  connection = await bed.db.selectFrom('connections').select(['id', 'organization_id']).executeTakeFirstOrThrow();
});
afterAll(async () => {
  await api.stop();
  await vendor.close();
  await bed.close();
});
afterEach(async () => {
  await bed.db.deleteFrom('sync_jobs').execute();
});

interface Check {
  readonly name: string;
  readonly value: number | null;
  readonly verdict: string;
  readonly reason: string;
}

const add = (sync: PastSync) => addPastSync(bed.db, connection, sync);
const health = async () => (await api.get('/api/sync/health')).body as { verdict: string; checks: Check[] };
const checkOf = async (name: string) => (await health()).checks.find((check) => check.name === name);
const status = async () => (await api.get('/api/sync/status')).body;

describe('before anything has run', () => {
  it('nothing is made up: what nobody can know is unknown, and says why', async () => {
    const { verdict, checks } = await health();
    expect(checks).toMatchObject([
      { name: 'success_rate', value: null, threshold: 95, wanted: 'above', verdict: 'unknown' },
      { name: 'longest_running', value: 0, threshold: 60, wanted: 'below', verdict: 'ok' },
      { name: 'budget_used', value: 0, threshold: 80, verdict: 'ok' },
      { name: 'record_error_rate', value: null, threshold: 5, verdict: 'unknown' },
      { name: 'token_refresh', value: null, verdict: 'unknown' },
    ]);
    expect(checks.every(({ reason }) => reason.length > 0)).toBe(true);
    expect(verdict).toBe('unknown');
    expect((await api.get('/api/sync/health?strict=true')).status).toBe(200);
  });

  it('the budget is free', async () => {
    expect(await status()).toMatchObject({
      budget: { limit, windowSeconds: 300, used: 0, free: limit, share: 0, nextFreeAt: null, pausedUntil: null },
      budgetReason: null,
    });
  });
});

describe('the last 24 hours', () => {
  it('are fine above 95 percent; what was cancelled or ended before does not count', async () => {
    for (let i = 0; i < 20; i += 1) await add({ status: 'succeeded', minutesAgo: 60 * i, read: 10 });
    await add({ status: 'cancelled', minutesAgo: 5, read: 100, failed: 100 });
    await add({ status: 'failed', minutesAgo: 60 * 25, read: 100, failed: 100 });
    await add({ status: 'partial', minutesAgo: 30, read: 100, failed: 14 });
    expect(await health()).toMatchObject({
      checks: [{ value: 95.2, verdict: 'ok' }, {}, {}, { value: 4.7, verdict: 'ok' }, {}],
    });
    await add({ status: 'partial', minutesAgo: 20, read: 100, failed: 6 });
    expect(await health()).toMatchObject({
      verdict: 'fail',
      checks: [{ value: 90.9, verdict: 'fail' }, {}, {}, { value: 5, verdict: 'fail' }, {}],
    });
  });

  it('are those of this connection and this organization', async () => {
    const organization_id = await ensureOrganization(bed.db, `org-${randomUUID()}`, 'Another firm');
    const row = { organization_id, connector: 'practicepanther', name: 'theirs', settings: '{}' };
    const ours = { ...row, organization_id: connection.organization_id, connector: 'another' };
    const [id = '', sibling = ''] = (
      await bed.db.insertInto('connections').values([row, ours]).returning('id').execute()
    ).map((inserted) => inserted.id);
    const bad = { status: 'failed', minutesAgo: 1, read: 10, failed: 10 };
    await addPastSync(bed.db, { id, organization_id }, bad);
    await addPastSync(bed.db, { ...connection, id: sibling }, bad);
    await add({ status: 'succeeded', minutesAgo: 1, read: 10 });
    expect((await health()).checks).toMatchObject([{ value: 100 }, {}, {}, { value: 0 }, {}]);
    expect((await api.get(`/api/sync/health?connectionId=${id}`)).status).toBe(404);
    expect((await api.get(`/api/sync/statistics?connectionId=${id}`)).status).toBe(404);
    const own = `/api/sync/statistics?connectionId=${connection.id}`;
    expect((await api.get(own)).body).toMatchObject({ runs: 1, records_processed: 10, records_failed: 0 });
    expect((await api.get('/api/sync/statistics')).body).toMatchObject({ runs: 2, records_failed: 10 });
  });
});

describe('a sync that runs', () => {
  it('for over an hour fails the check, which says what it waits for', async () => {
    const id = await add({ status: 'running', minutesAgo: 30, tookSeconds: null });
    expect(await checkOf('longest_running')).toMatchObject({ value: 30, verdict: 'ok' });
    const rest = { waiting_for: 'budget' as const, waiting_until: new Date(Date.now() + 3_600_000) };
    await bed.db.updateTable('sync_progress').set(rest).where('sync_job_id', '=', id).execute();
    await bed.db
      .updateTable('sync_jobs')
      .set({ started_at: new Date(Date.now() - 61.5 * 60_000) })
      .execute();
    const late = await checkOf('longest_running');
    expect(late).toMatchObject({ value: 61, verdict: 'fail' });
    expect(late?.reason).toContain("The vendor's request budget is used up");
    expect(late?.reason).toContain(rest.waiting_until.toISOString());
  });

  it('counts from when it was asked for while it is queued', async () => {
    await add({ status: 'queued', minutesAgo: 90, tookSeconds: null });
    expect(await checkOf('longest_running')).toMatchObject({ value: 90, verdict: 'fail' });
    expect((await status()).running).toMatchObject({ phase: 'queued', started_at: expect.any(String) });
  });
});

describe('strict', () => {
  it('answers 503 with what fails, and only then', async () => {
    await add({ status: 'failed', minutesAgo: 1 });
    expect((await api.get('/api/sync/health')).status).toBe(200);
    const { status, body } = await api.get('/api/sync/health?strict=true');
    expect([status, body.code]).toEqual([503, 'SYNC_UNHEALTHY']);
    expect(body.detail).toBe(
      'success_rate is 0 percent, not above 95 (0 of 1 syncs of the last 24 hours ended as success)',
    );
  });
});

describe('tokens and the budget', () => {
  it('that could be renewed are fine; requests count', async () => {
    await api.get('/api/sync/test-connection');
    expect(await checkOf('token_refresh')).toMatchObject({ value: 0, verdict: 'ok' });
    const { budget } = await status();
    expect(budget.used).toBeGreaterThan(0);
    expect(budget.free).toBe(limit - budget.used);
    expect(budget.share).toBe((100 * budget.used) / limit);
  });

  it('a vendor that asked to be left alone is a warning, until it may be asked again', async () => {
    const slowDown = { status: 429, headers: { 'Retry-After': '600' }, body: 'slow down' };
    const fault = vendor.faults.add({ match: { path: 'users/me' }, action: slowDown });
    await api.get('/api/sync/test-connection');
    vendor.faults.clear(fault);
    const { budget } = await status();
    const inMs = Date.parse(budget.pausedUntil) - Date.now();
    expect(inMs).toBeGreaterThan(500_000);
    expect(inMs).toBeLessThanOrEqual(601_000);
    expect(await checkOf('budget_used')).toMatchObject({
      verdict: 'warning',
      reason: expect.stringContaining('asked to be left alone until'),
    });
  });

  it('a renewal that failed fails the check, and so does a connection that the vendor refuses', async () => {
    const failed = { token_failures: 2, token_failed_at: new Date(), token_error_code: 'UPSTREAM_TIMEOUT' };
    await bed.db.updateTable('connections').set(failed).where('id', '=', connection.id).execute();
    expect(await checkOf('token_refresh')).toMatchObject({
      ...{ value: 2, verdict: 'fail' },
      reason: expect.stringContaining('UPSTREAM_TIMEOUT'),
    });
    const refused = { token_failures: 0, status: 'needs_reauth', status_reason: 'refused' } as const;
    await bed.db.updateTable('connections').set(refused).where('id', '=', connection.id).execute();
    expect(await checkOf('token_refresh')).toMatchObject({
      ...{ value: 1, verdict: 'fail' },
      reason: 'The connection has to be authorised again: refused',
    });
    const { status } = await api.get('/api/sync/health?strict=true');
    expect(status).toBe(503);
  });
});

describe('without Redis', () => {
  it('all but the budget is answered, and the budget says why not', async () => {
    const away = awayContext();
    const vault = createVault([bed.encryptionKey]);
    const app = await createServer({ ...away, db: bed.db, vault, defaultOrganizationId: connection.organization_id });
    await add({ status: 'succeeded', minutesAgo: 1, read: 10 });
    const [seen, checked] = await Promise.all(
      ['status', 'health'].map((what) => app.inject({ url: `/api/sync/${what}`, headers: withKey })),
    );
    await app.close();
    await away.close();
    expect(seen?.json()).toMatchObject({
      ...{ state: 'idle', budget: null, budgetReason: 'Redis, which counts it, cannot be reached' },
      recent: [{ status: 'success', records_processed: 10 }],
    });
    expect(checked?.json().checks).toMatchObject([{ verdict: 'ok' }, {}, { verdict: 'unknown' }, {}, {}]);
  });
});
