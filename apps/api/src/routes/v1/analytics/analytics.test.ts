import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPastSync } from '../../../../testing/past-sync.js';
import { oneConnection, type RunningApi, runningApi } from '../../../../testing/running-api.js';

let bed: TestBed;
let api: RunningApi;
beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, oneConnection);
  const connection = await bed.db.selectFrom('connections').select(['id', 'organization_id']).executeTakeFirstOrThrow();
  await addPastSync(bed.db, connection, { status: 'succeeded', minutesAgo: 90, tookSeconds: 30 });
  await addPastSync(bed.db, connection, { status: 'failed', minutesAgo: 60, tookSeconds: 90 });
});
afterAll(async () => {
  await api.stop();
  await bed.close();
});

const get = async (series: string, query = '') => (await api.get(`/api/v1/analytics/${series}${query}`)).body;

describe('a series', () => {
  it('has a point for each part, also where nothing was', async () => {
    const { bucket, series } = await get('success');
    expect(bucket).toBe('day');
    const [{ connector, points }] = series;
    expect(connector).toBe('practicepanther');
    expect([30, 31]).toContain(points.length);
    expect(points[0]).toMatchObject({ succeeded: 0, failed: 0, successRate: null });
    const total = (key: string) =>
      points.reduce((sum: number, point: Record<string, number>) => sum + (point[key] ?? 0), 0);
    expect([total('succeeded'), total('failed')]).toEqual([1, 1]);
  });

  it('of durations has quantiles, null where there is nothing', async () => {
    const [{ points }] = (await get('durations', '?bucket=week')).series;
    expect(points[0]).toMatchObject({ syncs: 0, averageSeconds: null, p95Seconds: null });
    expect(
      Math.max(...points.map(({ longestSeconds }: { longestSeconds: number | null }) => longestSeconds ?? 0)),
    ).toBe(90);
  });

  it.each(['throughput', 'durations', 'success', 'failures', 'freshness'])('answers: %s', async (name) => {
    const answer = await api.get(
      `/api/v1/analytics/${name}?bucket=hour&from=${new Date(Date.now() - 7_200_000).toISOString()}`,
    );
    expect(answer).toMatchObject({
      status: 200,
      body: { bucket: 'hour', from: expect.any(String), to: expect.any(String) },
    });
  });

  it('of freshness tells how old everything is now, and how old it may be', async () => {
    const { now } = await get('freshness');
    expect(now.map(({ entity }: { entity: string }) => entity)).toEqual(
      expect.arrayContaining(['contacts', 'matters']),
    );
    for (const one of now)
      expect(one).toMatchObject({ confirmedAt: null, ageSeconds: expect.any(Number), isLate: false });
  });
});

it.each([
  ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'],
  ['from=2020-01-01T00:00:00Z', 'from'],
  ['bucket=hour&from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z', 'bucket'],
  ['bucket=minute', 'bucket'],
  ['from=yesterday', 'from'],
  ['connectionId=none', 'connectionId'],
  ['days=3', 'query'],
])('refuses %s', async (query, field) => {
  const { status, body } = await api.get(`/api/v1/analytics/success?${query}`);
  expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
  expect(JSON.stringify(body.errors)).toContain(field === 'query' ? 'days' : field);
});
