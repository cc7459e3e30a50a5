import { overviewSql } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { addMany } from '@syncline/testing/many-rows';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPastSync } from '../../../../testing/past-sync.js';
import { oneConnection, type RunningApi, runningApi } from '../../../../testing/running-api.js';

let bed: TestBed;
let api: RunningApi;
let connection: { id: string; organization_id: string };
beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, { ...oneConnection, ENABLE_SYNC_SCHEDULER: 'true' });
  connection = await bed.db.selectFrom('connections').select(['id', 'organization_id']).executeTakeFirstOrThrow();
  await addMany(bed.db, connection.organization_id, { connections: 60, jobs: 240, failedItems: 600 });
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});

// biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
type Row = any;
const get = async (query = '') => (await api.get(`/api/v1/overview${query}`)).body;
const rowOf = async (name: string): Promise<Row> => (await get(`?search=${encodeURIComponent(name)}`)).data[0];
/** All pages of a list, one after the other. */
async function all(query = ''): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Row = await get(`?limit=7${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    expect(page.data.length).toBeLessThanOrEqual(7);
    rows.push(...page.data);
    cursor = page.nextCursor;
  }
  return rows;
}

describe('the overview', () => {
  it('has every connection once, those with problems first, then by name', async () => {
    const rows = await all();
    expect(rows).toHaveLength(61);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(61);
    const problems = rows.filter(({ state }) => state === 'problem');
    expect(problems.map(({ name }) => name)).toEqual(
      [1, 11, 21, 31, 41, 51].map((n) => `account 00${n < 10 ? `0${n}` : n}`),
    );
    expect(rows.slice(0, problems.length)).toEqual(problems);
    const names = rows.slice(problems.length).map(({ name }) => name);
    expect(names).toEqual([...names].sort());
  });

  it('is narrowed down by state, connector and a part of the name', async () => {
    expect((await all('&state=paused')).map(({ name }) => name)).toEqual(
      ['0010', '0020', '0030', '0040', '0050', '0060'].map((n) => `account ${n}`),
    );
    expect(await all('&search=T%20001')).toHaveLength(10);
    expect(await all('&search=PANTHER&state=problem')).toHaveLength(6);
    expect(await all('&connector=notion')).toEqual([]);
    // What would be a pattern elsewhere is text here.
    expect(await all('&search=%25')).toEqual([]);
  });

  it('counts all of the organization, whatever is asked for, and tells of the stop', async () => {
    const totals = { connections: 61, problem: 6, paused: 6, running: 0, openFailedItems: 600, openAlerts: 6 };
    expect(await get('?state=paused&limit=1')).toMatchObject({
      totals,
      stop: { isActive: false, since: null, by: null },
    });
    await api.send('POST', '/api/sync/stop');
    const { stop } = await get('?limit=1');
    expect(stop).toEqual({ isActive: true, since: expect.any(String), by: expect.any(String), reason: null });
    await api.send('POST', '/api/sync/restart');
  });

  it('tells of each what it does, what it did, when it goes on, and what is left to repair', async () => {
    const { id } = await rowOf('account 0003');
    const live = { id, organization_id: connection.organization_id };
    const before = await rowOf('account 0003');
    expect(before).toMatchObject({
      ...{ state: 'fine', running: null, openFailedItems: 10, openAlerts: 0, nextSyncAt: expect.any(String) },
      lastSync: { status: 'succeeded', durationSeconds: 10 },
    });
    const jobId = await addPastSync(bed.db, live, { status: 'running', minutesAgo: 1, tookSeconds: null, read: 5 });
    const guessed = await rowOf('account 0003');
    expect(guessed).toMatchObject({ state: 'running', running: { jobId, percent: null, entity: 'contacts' } });
    expect(guessed.lastSync).toEqual(before.lastSync);
    await sql`update sync_progress set records_expected = 10 where sync_job_id = ${jobId}`.execute(bed.db);
    expect((await rowOf('account 0003')).running).toMatchObject({ status: 'running', percent: 50 });
    expect((await get('?limit=1')).totals.running).toBe(1);
  });

  it('shows the entity that is the worst against its target', async () => {
    const stale = await rowOf('account 0003');
    // Every quarter of an hour: it may be 1,800 s old.
    expect(stale.freshness).toMatchObject({ targetSeconds: 1_800, isStale: true });
    expect(stale.freshness.ageSeconds).toBeGreaterThanOrEqual(10_800);
    expect((await rowOf('account 0004')).freshness).toMatchObject({ targetSeconds: 1_800, isStale: false });
    // Nothing is late of what somebody has paused.
    expect((await rowOf('account 0010')).freshness).toEqual({ ageSeconds: null, targetSeconds: null, isStale: false });
  });

  it('has the budget of those whose credentials are known, and none of the others', async () => {
    const [own] = (await get('?limit=100')).data.filter(({ id }: Row) => id === connection.id);
    expect(own.budget).toEqual({
      used: 0,
      limit: expect.any(Number),
      windowSeconds: expect.any(Number),
      resetsAt: null,
    });
    expect((await rowOf('account 0003')).budget).toBeNull();
  });

  it('refuses cursors that it has not given', async () => {
    for (const cursor of ['x', Buffer.from('{"rank":7}').toString('base64url')]) {
      const { status, body } = await api.get(`/api/v1/overview?cursor=${cursor}`);
      expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    }
  });

  it('reads no failed item, and of the history only the rows that it shows', async () => {
    await bed.db.transaction().execute(async (trx) => {
      await sql`set local enable_seqscan = off`.execute(trx);
      const { rows } = await sql<Row>`explain ${overviewSql(connection.organization_id, {}, 50)}`.execute(trx);
      const plan = rows.map((row: Row) => row['QUERY PLAN']).join('\n');
      expect(plan).toContain('Index Only Scan using sync_failed_items_open_groups');
      expect(plan).toContain('using sync_jobs_by_connection');
      expect(plan).not.toContain('Seq Scan on sync_');
    });
  });
});
