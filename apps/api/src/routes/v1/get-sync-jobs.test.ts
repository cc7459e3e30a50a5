import { jobSummaries } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { addMany } from '@syncline/testing/many-rows';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPastSync } from '../../../testing/past-sync.js';
import { oneConnection, type RunningApi, runningApi } from '../../../testing/running-api.js';

let bed: TestBed;
let api: RunningApi;
let connection: { id: string; organization_id: string };
beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, oneConnection);
  connection = await bed.db.selectFrom('connections').select(['id', 'organization_id']).executeTakeFirstOrThrow();
  await addMany(bed.db, connection.organization_id, { connections: 20, jobs: 120, failedItems: 0 });
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});

// biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
type Row = any;
async function all(query = ''): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { body }: Row = await api.get(`/api/v1/sync/jobs?limit=7${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    rows.push(...body.data);
    cursor = body.nextCursor;
  }
  return rows;
}

describe('the list of syncs', () => {
  it('has each once, newest first, also those that were asked for at one moment', async () => {
    const rows = await all();
    expect(rows).toHaveLength(120);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(120);
    const times = rows.map(({ createdAt }) => createdAt);
    expect(new Set(times).size).toBe(60);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('has the sums of the entities, and whose it was', async () => {
    const [first] = await all();
    expect(first).toMatchObject({
      ...{ connector: 'practicepanther', connectionName: expect.stringMatching(/^account /), durationSeconds: 10 },
      ...{ recordsRead: 14, recordsCreated: 12, recordsUpdated: 0, recordsFailed: 2, recordsDeleted: 0 },
    });
    expect(first.entities).toBeUndefined();
    const jobId = await addPastSync(bed.db, connection, { status: 'queued', minutesAgo: 0, tookSeconds: null });
    expect((await all('&status=queued'))[0]).toMatchObject({ id: jobId, durationSeconds: null, endedAt: null });
    await sql`delete from sync_jobs where id = ${jobId}`.execute(bed.db);
  });

  it('is narrowed down by connection, status, trigger, mode and time', async () => {
    const rows = await all();
    const [{ connectionId }] = rows;
    const middle = rows[60].createdAt;
    const filters: Record<string, (row: Row) => boolean> = {
      [`connectionId=${connectionId}`]: (row) => row.connectionId === connectionId,
      'status=failed': ({ status }) => status === 'failed',
      'trigger=manual': ({ trigger }) => trigger === 'manual',
      'mode=full&trigger=schedule': ({ mode, trigger }) => mode === 'full' && trigger === 'schedule',
      [`from=${middle}`]: ({ createdAt }) => createdAt >= middle,
      [`to=${middle}`]: ({ createdAt }) => createdAt < middle,
    };
    for (const [filter, fits] of Object.entries(filters)) {
      const wanted = rows.filter(fits).map(({ id }) => id);
      expect(wanted.length).toBeGreaterThan(0);
      expect([filter, (await all(`&${filter}`)).map(({ id }) => id)]).toEqual([filter, wanted]);
    }
  });

  it.each(['cursor=eyJpZCI6MX0', 'from=yesterday', 'status=done', 'connectionId=1', 'limit=101'])(
    'refuses %s',
    async (query) => {
      const { status, body } = await api.get(`/api/v1/sync/jobs?${query}`);
      expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    },
  );

  it('goes on behind a row by an index, and sorts no history', async () => {
    const after = { micros: '1700000000000000', id: connection.id };
    await bed.db.transaction().execute(async (trx) => {
      await sql`set local enable_seqscan = off`.execute(trx);
      const plan = await jobSummaries(trx, connection.organization_id, { after }, 50).explain();
      const text = plan.map((row) => Object.values(row)[0]).join('\n');
      expect(text).toContain('Index Scan using sync_jobs_history');
      expect(text).toContain('Presorted Key: sync_jobs.created_at');
    });
  });
});
