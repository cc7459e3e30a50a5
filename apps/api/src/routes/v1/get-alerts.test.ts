import { randomUUID } from 'node:crypto';
import { addDeliveries, judgeConnections } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneConnection, type RunningApi, runningApi } from '../../../testing/running-api.js';

let bed: TestBed;
let api: RunningApi;
let connection: { id: string; organization_id: string };
beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, oneConnection);
  connection = await bed.db.selectFrom('connections').select(['id', 'organization_id']).executeTakeFirstOrThrow();
  const other = randomUUID();
  await sql`insert into organizations (id, slug, name) values (${other}, 'other', 'Another')`.execute(bed.db);
  await sql`insert into connections (organization_id, connector, name, status)
    values (${other}, 'practicepanther', 'theirs', 'needs_reauth')`.execute(bed.db);
  await sql`update connections set status = 'needs_reauth' where id = ${connection.id}`.execute(bed.db);
  const { raised } = await judgeConnections(bed.db, { pauses: [] });
  const mine = raised.find(({ connectionId }) => connectionId === connection.id);
  await addDeliveries(bed.db, [
    { organizationId: connection.organization_id, alertId: mine?.id ?? '', event: 'alert.raised', body: '{}' },
  ]);
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});

describe('GET /api/v1/alerts', () => {
  it('shows what is open, of the own organization, with what it means and how far its message has come', async () => {
    const { status, body } = await api.get('/api/v1/alerts');
    expect(status).toBe(200);
    expect(body).toEqual({
      data: [
        {
          ...{
            id: expect.any(String),
            connectionId: connection.id,
            connectionName: expect.any(String),
            connector: 'practicepanther',
            kind: 'needs_reauth',
          },
          ...{ message: expect.stringMatching(/authorise the connection again/), detail: {} },
          ...{ raisedAt: expect.stringMatching(/Z$/), clearedAt: null },
          messages: [
            {
              ...{ event: 'alert.raised', status: 'pending', attempts: 0, nextAttemptAt: expect.stringMatching(/Z$/) },
              ...{ errorCode: null, httpStatus: null, endedAt: null },
            },
          ],
        },
      ],
      open: { failures: 0, slow: 0, stale: 0, needs_reauth: 1, webhook_silent: 0, differences: 0, restored: 0 },
      pagination: { page: 1, limit: 20, total: 1, totalPages: 1 },
    });
  });

  it('shows what was with state=all', async () => {
    await sql`update connections set status = 'active'`.execute(bed.db);
    await judgeConnections(bed.db, { pauses: [] });
    expect((await api.get('/api/v1/alerts')).body).toMatchObject({ data: [], open: { needs_reauth: 0 } });
    const { body } = await api.get('/api/v1/alerts?state=all&limit=1');
    expect(body).toMatchObject({ data: [{ clearedAt: expect.any(String) }], pagination: { total: 1, limit: 1 } });
    const total = async (query: string) => (await api.get(`/api/v1/alerts?${query}`)).body.pagination.total;
    expect([await total('state=closed'), await total('state=open')]).toEqual([1, 0]);
    expect([await total('state=all&kind=needs_reauth'), await total('state=all&kind=slow')]).toEqual([1, 0]);
    expect(await total(`state=all&connectionId=${connection.id}`)).toBe(1);
    expect(await total(`state=all&connectionId=${randomUUID()}`)).toBe(0);
  });

  it.each(['limit=101', 'limit=0', 'state=some', 'kind=loud', 'connectionId=x'])('refuses %s', async (query) => {
    expect(await api.get(`/api/v1/alerts?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED' },
    });
  });
});
