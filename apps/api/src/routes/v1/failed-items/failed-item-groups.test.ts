import { groupSql } from '@syncline/store';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { addMany } from '@syncline/testing/many-rows';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneConnection, type RunningApi, runningApi } from '../../../../testing/running-api.js';

let bed: TestBed;
let api: RunningApi;
let organizationId: string;
beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, oneConnection);
  const found = await bed.db.selectFrom('connections').select(['id', 'organization_id']).executeTakeFirstOrThrow();
  organizationId = found.organization_id;
  await addMany(bed.db, organizationId, { connections: 4, jobs: 0, failedItems: 3_000 });
  const owner = { organization_id: organizationId, connection_id: found.id };
  await bed.db
    .insertInto('sync_failed_items')
    .values([
      { ...owner, entity: 'tasks', kind: 'entity_run', error_code: 'UPSTREAM_TIMEOUT', message: 'slow' },
      { ...owner, entity: '', kind: 'job', error_code: 'INTERNAL', message: 'gone', status: 'resolved' },
    ])
    .execute();
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});

// biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
type Group = any;
const groups = async (query = ''): Promise<Group[]> => (await api.get(`/api/v1/failed-items/groups${query}`)).body.data;

describe('groups of failed items', () => {
  it('are what is wrong, the biggest first, without what is resolved', async () => {
    const all = await groups();
    expect(all).toHaveLength(11);
    const counts = all.map(({ count }) => count);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3_001);
    expect(all[0]).toMatchObject({
      ...{ entity: 'contacts', kind: 'record', field: expect.stringMatching(/^field_/), retryable: false },
      ...{ message: expect.stringMatching(/^record \d+ is odd$/), firstAt: expect.any(String) },
    });
    expect(all.at(-1)).toMatchObject({
      ...{
        entity: 'tasks',
        kind: 'entity_run',
        reasonCode: 'UPSTREAM_TIMEOUT',
        field: null,
        retryable: true,
        count: 1,
      },
      message: 'slow',
    });
  });

  it('name what the list takes to have just their items', async () => {
    for (const { entity, kind, reasonCode, field, count } of await groups()) {
      const named = field === null ? 'withoutField=true' : `field=${field}`;
      const query = `entity=${entity}&kind=${kind}&code=${reasonCode}&${named}&status=open&limit=1`;
      expect((await api.get(`/api/v1/failed-items?${query}`)).body.pagination.total).toBe(count);
    }
  });

  it('are narrowed down like the list', async () => {
    const dead = await groups('?status=dead');
    expect(dead.reduce((sum, { count }) => sum + count, 0)).toBe(1_500);
    expect(await groups('?status=resolved')).toMatchObject([{ entity: null, kind: 'job', count: 1 }]);
    expect(await groups('?kind=entity_run')).toHaveLength(1);
    expect((await api.get('/api/v1/failed-items/groups?page=2')).status).toBe(400);
  });

  it('are counted without reading the items', async () => {
    // As autovacuum leaves it; somebody's open transaction may keep it from that for a moment.
    await eventually('pages that are known to be visible to all', async () => {
      await sql`vacuum analyze sync_failed_items`.execute(bed.db);
      const { rows } = await sql<Group>`select relallvisible from pg_class
        where oid = 'sync_failed_items'::regclass`.execute(bed.db);
      return rows[0].relallvisible > 0;
    });
    await bed.db.transaction().execute(async (trx) => {
      await sql`set local enable_seqscan = off; set local enable_bitmapscan = off`.execute(trx);
      for (const status of ['open', 'dead'] as const) {
        const { rows } = await sql<Group>`explain ${groupSql(trx, organizationId, { status })}`.execute(trx);
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        expect(plan).toContain('Index Only Scan using sync_failed_items_open_groups');
      }
    });
  });
});
