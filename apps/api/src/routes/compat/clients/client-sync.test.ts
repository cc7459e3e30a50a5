import { type Simulator, startSimulator } from '@syncline/connectors/notion/simulator';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, runningApi } from '../../../../testing/running-api.js';
import { ask, makeTenant, type Tenant } from '../../../../testing/two-tenants.js';

const clients = 14;
const minute = 60_000;

let bed: TestBed;
let notion: Simulator;
let api: RunningApi;
let agency: Tenant;
let stranger: Tenant;
let connectionId: string;
let otherId: string;
let isStopped = false;

beforeAll(async () => {
  bed = await createTestBed();
  notion = await startSimulator({ clients, quirks: { quota: null } });
  const environment = { SYNCLINE_EGRESS_ALLOW: `${new URL(notion.url).host},127.0.0.1:1` };
  api = await runningApi(bed, environment);
  [agency, stranger] = [await makeTenant(bed, api, 'agency'), await makeTenant(bed, api, 'stranger')];
  await bed.startWorker(environment);
});
afterAll(async () => {
  if (!isStopped) await api.stop();
  await bed.close();
  await notion.close();
});

async function as(key: string, method: string, path: string, body?: unknown) {
  const { status, text, headers } = await ask(api, key, path, { method, ...(body === undefined ? {} : { body }) });
  return { status, headers, body: JSON.parse(text) };
}
const sync = (body?: unknown, key = agency.keys.operator) => as(key, 'POST', '/api/admin/clients/sync', body);
const clientsStatus = async (key = agency.keys.viewer) => (await as(key, 'GET', '/api/admin/clients/status')).body;
const syncStatus = async (key = agency.keys.viewer) => (await as(key, 'GET', '/api/admin/sync/status')).body.data;
const connect = (name: string) =>
  as(agency.keys.admin, 'POST', '/api/v1/connections', {
    ...{ connector: 'notion', name, credentials: notion.credentials },
    settings: {
      ...{ baseUrl: notion.url, databaseId: notion.databaseId },
      ...{ requestsPerSecond: 1_000, maxRetries: 1 },
    },
  });
const watermark = async () => {
  const rows = await bed.db
    .selectFrom('sync_state')
    .select('watermark')
    .where('connection_id', '=', connectionId)
    .execute();
  return rows[0]?.watermark?.getTime() ?? 0;
};
const emailOf = async (id: string) => {
  const { rows } = await sql<{ contact_email: string }>`
    select contact_email from clients where notion_page_id = ${id}`.execute(bed.db);
  return rows[0]?.contact_email;
};
/** Edits a client at Notion, as of so many minutes ago: so it is when an edit shows up late. */
const editLate = (id: string, email: string | null, minutesAgo: number) => {
  notion.store.set(id, 'Contact Email', email);
  notion.store.row(id).editedMs = notion.clock.nowMs() - minutesAgo * minute;
};
const live = () => notion.store.rows().filter(({ inTrash }) => !inTrash);

describe('before anything was synced', () => {
  it('there are no clients, and nothing to sync', async () => {
    expect(await clientsStatus()).toEqual({
      success: true,
      data: { totalClients: 0, clientsWithEmail: 0, clientsWithPageInfo: 0, lastUpdated: null, recentUpdates: [] },
      timestamp: expect.any(String),
    });
    const { status, body } = await sync();
    expect([status, body.success, body.details.error_code]).toEqual([404, false, 'CONNECTION_NOT_FOUND']);
    // There may be some of other vendors.
    expect(body.details.message).toContain('notion');
  });

  it.each([
    [{ type: 'all' }, 'type'],
    [{ hoursBack: 0 }, 'hoursBack'],
    [{ hoursBack: 8_761 }, 'hoursBack'],
    [{ hoursBack: '2' }, 'hoursBack'],
    [{ wait: 61 }, 'wait'],
    [{ connectionId: 'notion' }, 'connectionId'],
    [{ hours: 2 }, 'hours'],
  ])('%j is refused, and the field named', async (body, field) => {
    const { status, body: answer } = await sync(body);
    expect([status, answer.details.error_type]).toEqual([400, 'invalid_request']);
    expect(answer.details.errors).toEqual([{ field, message: expect.any(String) }]);
  });

  it('a viewer starts none, and nobody without a key learns anything', async () => {
    expect((await sync({}, agency.keys.viewer)).status).toBe(403);
    for (const path of ['clients/status', 'sync/status'])
      expect((await fetch(`${api.url}/api/admin/${path}`)).status).toBe(401);
  });
});

describe('a sync of the clients', () => {
  it('is a full one at first, says so, and is answered when it has ended', async () => {
    const [none] = live();
    editLate(none?.id ?? '', null, 60);
    const made = await connect('clients');
    connectionId = made.body.id;
    const { status, body, headers } = await sync({ type: 'incremental', hoursBack: 2 });
    expect([status, body]).toEqual([
      200,
      {
        success: true,
        message: 'full client sync (no watermark yet) completed',
        ...{ jobId: expect.any(String), mode: 'full', statusUrl: `/api/v1/sync/jobs/${body.jobId}` },
        stats: { total: clients, created: clients, updated: 0, skipped: 0, failed: 0, deleted: 0, errors: [] },
        timestamp: expect.any(String),
      },
    ]);
    expect(headers.get('location')).toBe(body.statusUrl);
  });

  it('shows in the status of the clients, of which those in the trash are none', async () => {
    const { data } = await clientsStatus();
    const rows = live();
    const newest = rows.toSorted((a, b) => b.editedMs - a.editedMs);
    expect(data).toMatchObject({
      totalClients: rows.length,
      clientsWithEmail: rows.filter(({ values }) => values.get('aB%3Dc') !== null).length,
      clientsWithPageInfo: rows.filter(({ blocks }) => blocks.length > 0).length,
    });
    expect(rows.length).toBeLessThan(clients);
    expect(data.clientsWithEmail).toBeLessThan(rows.length);
    const shown = (ms: number) => new Date(Math.floor(ms / minute) * minute).toISOString();
    expect(data.recentUpdates.map(({ lastUpdated }: { lastUpdated: string }) => lastUpdated)).toEqual(
      newest.slice(0, 10).map(({ editedMs }) => shown(editedMs)),
    );
    expect(data.lastUpdated).toBe(data.recentUpdates[0].lastUpdated);
    for (const update of data.recentUpdates)
      expect(update).toEqual({
        ...{ name: expect.any(String), slug: expect.stringMatching(/^[a-z-]+(\d+)?$/) },
        ...{ lastUpdated: expect.any(String), hasEmail: expect.any(Boolean) },
      });
    const withEmail = rows.filter(({ values }) => values.get('aB%3Dc') !== null).map(({ editedMs }) => shown(editedMs));
    for (const { hasEmail, lastUpdated } of data.recentUpdates) expect(hasEmail).toBe(withEmail.includes(lastUpdated));
  });

  it('has what changed since the last one, however little hoursBack is', async () => {
    const [, , , , , one] = live();
    // Since the last sync, or within its overlap; and before what is asked for.
    editLate(one?.id ?? '', 'new@example.com', 3);
    const { status, body } = await sync({ hoursBack: 0.001 });
    expect([status, body.message, body.stats.updated]).toEqual([200, 'incremental client sync completed', 1]);
    expect(await emailOf(one?.id ?? '')).toBe('new@example.com');
  });

  it('reaches back to hoursBack, and leaves the watermark where it is', async () => {
    const [, two, three] = live();
    editLate(two?.id ?? '', 'late@example.com', 180);
    editLate(three?.id ?? '', 'later@example.com', 300);
    const before = await watermark();
    for (const body of [undefined, { hoursBack: 1 }, { hoursBack: 2.9 }])
      expect((await sync(body)).body.stats.updated).toBe(0);
    const { body } = await sync({ type: 'incremental', hoursBack: 4 });
    expect(body).toMatchObject({ mode: 'incremental', stats: { updated: 1, errors: [] } });
    expect(await emailOf(two?.id ?? '')).toBe('late@example.com');
    expect(await emailOf(three?.id ?? '')).not.toBe('later@example.com');
    expect(await watermark()).toBeGreaterThanOrEqual(before);
    expect((await sync({ type: 'full' })).body).toMatchObject({
      message: 'full client sync completed',
      stats: { total: clients, updated: 1, skipped: clients - 1 },
    });
  });

  it('tells what it could not keep, by the record and not by what it holds', async () => {
    const [, , , , bad] = live();
    notion.store.edit(bad?.id ?? '');
    notion.store.poison(bad?.id ?? '', { properties: 'S3CRET' });
    const { status, body } = await sync({});
    expect([status, body.success, body.message]).toEqual([200, true, 'incremental client sync completed with errors']);
    expect(body.stats).toMatchObject({ failed: 1 });
    expect(body.stats.errors).toEqual([
      { code: 'RECORD_INVALID', message: expect.any(String), recordId: bad?.id, field: 'properties' },
    ]);
    expect(JSON.stringify(body)).not.toContain('S3CRET');
    const { connections } = await syncStatus();
    expect(connections.at(-1)).toMatchObject({ openFailedItems: 1, lastSync: { stats: { failed: 1 } } });
    notion.store.poison(bad?.id ?? '', {});
  });
});

describe('a sync that takes longer', () => {
  it('is answered with 202 and can be followed; another one is refused with its id', async () => {
    const hold = notion.holds.add({ match: { path: '/query' } });
    const { status, body, headers } = await sync({ type: 'full', wait: 0.5 });
    expect([status, body.success, body.enqueued]).toEqual([202, true, true]);
    expect(body.message).toBe('full client sync is still running');
    expect(headers.get('location')).toBe(body.statusUrl);
    const refused = await sync();
    expect([refused.status, refused.body.details]).toEqual([
      409,
      expect.objectContaining({ error_type: 'sync_already_running', sync_id: body.jobId }),
    ]);
    const { state, connections } = await syncStatus();
    expect(state).toBe('running');
    expect(connections.at(-1)).toMatchObject({
      ...{ id: connectionId, status: 'active', nextSyncAt: null },
      running: { jobId: body.jobId, type: 'clients', mode: 'full', trigger: 'manual', completedAt: null },
      lastSync: { mode: 'incremental', status: 'completed', completedAt: expect.any(String) },
    });
    notion.holds.release({ id: hold });
    const ended = await eventually('the sync to end', async () => {
      const { connections: now } = await syncStatus();
      return now.at(-1).state === 'idle' && now.at(-1);
    });
    expect(ended).toMatchObject({ running: null, lastSync: { jobId: body.jobId, status: 'completed' } });
  });

  it('goes on without its client', async () => {
    const hold = notion.holds.add({ match: { path: '/query' } });
    const leaving = new AbortController();
    const asked = fetch(`${api.url}/api/admin/clients/sync`, {
      method: 'POST',
      headers: { authorization: `Bearer ${agency.keys.operator}` },
      signal: leaving.signal,
    });
    const running = () => syncStatus().then(({ connections }) => connections.at(-1).running);
    const { jobId } = await eventually('the sync to begin', async () => (await running()) ?? false);
    leaving.abort();
    await expect(asked).rejects.toThrow();
    notion.holds.release({ id: hold });
    await eventually('the sync to end', async () => (await running()) === null);
    expect((await syncStatus()).connections.at(-1).lastSync).toMatchObject({ jobId, status: 'completed' });
  });

  it('is kept while Redis is away, and answered at once', async () => {
    const alone = await runningApi(bed, { REDIS_URL: 'redis://127.0.0.1:1' });
    const path = '/api/admin/clients/sync';
    const { status, text } = await ask(alone, agency.keys.operator, path, { method: 'POST', body: {} });
    await alone.stop();
    const { jobId, ...body } = JSON.parse(text);
    expect([status, body.enqueued]).toEqual([202, false]);
    expect(body.message).toBe('incremental client sync is kept, and starts when Redis is back');
    await as(agency.keys.operator, 'POST', `/api/v1/sync/jobs/${jobId}/cancel`);
  });
});

describe('another organization', () => {
  it('sees none of it, and cannot sync it', async () => {
    expect((await clientsStatus(stranger.keys.viewer)).data.totalClients).toBe(0);
    const { connections } = await syncStatus(stranger.keys.viewer);
    expect(connections.map(({ id }: { id: string }) => id)).toEqual([stranger.connectionId]);
    const { status, body } = await sync({ connectionId }, stranger.keys.operator);
    expect([status, body.details.error_code]).toEqual([404, 'CONNECTION_NOT_FOUND']);
  });
});

describe('a sync that comes to nothing', () => {
  it('is answered with its own error', async () => {
    notion.revokeKey(true);
    const { status, body, headers } = await sync();
    expect([status, body]).toEqual([
      502,
      expect.objectContaining({
        success: false,
        details: expect.objectContaining({ error_code: 'UPSTREAM_AUTH', error_type: 'credentials_invalid' }),
      }),
    ]);
    expect(body.details.message).toContain(headers.get('location')?.split('/').at(-1));
    const { connections } = await syncStatus();
    expect(connections.at(-1)).toMatchObject({
      status: 'needs_reauth',
      lastSync: { status: 'failed', errorCode: 'UPSTREAM_AUTH' },
    });
    expect((await sync()).body.details.error_code).toBe('CONNECTION_NOT_READY');
  });

  it('of several connections one has to be named', async () => {
    const second = await connect('more clients');
    otherId = second.body.id;
    const { status, body } = await sync();
    expect([status, body.details.error_code]).toEqual([400, 'CONNECTION_AMBIGUOUS']);
    expect(body.details.message).toContain(second.body.id);
  });
});

describe('a process that stops', () => {
  it('does not wait for syncs that somebody waits for', async () => {
    notion.revokeKey(false);
    const hold = notion.holds.add({ match: { path: '/query' } });
    const asked = sync({ connectionId: otherId, wait: 60 });
    await eventually('the sync to begin', async () => (await syncStatus()).connections.at(-1).state === 'running');
    const before = performance.now();
    isStopped = true;
    await api.stop();
    expect(performance.now() - before).toBeLessThan(5_000);
    const { status, body } = await asked;
    expect([status, body.message]).toEqual([202, 'full client sync (no watermark yet) is still running']);
    notion.holds.release({ id: hold });
  });
});
