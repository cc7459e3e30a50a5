import { nextRun } from '@syncline/engine';
import { openRedis, openSchedules } from '@syncline/queue';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { oneConnection, type RunningApi, runningApi } from '../../../testing/running-api.js';
import { atTimeOfDay, guideTimes } from './guide-schedule.js';

let bed: TestBed;
let api: RunningApi;
let other: RunningApi;

beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, { ...oneConnection, ENABLE_SYNC_SCHEDULER: 'true' });
  other = await runningApi(bed, { ...oneConnection, ENABLE_SYNC_SCHEDULER: 'true' });
});
afterAll(async () => {
  await api.stop();
  await other.stop();
  await bed.close();
});
beforeEach(async () => {
  expect((await put({ incrementalInterval: 15, fullSyncHour: 2, fullSyncMinute: 0 })).status).toBe(200);
});

const put = (body: object) => api.send('PUT', '/api/sync/schedule', body);
const scheduled = async () => {
  const { body } = await other.get('/api/sync/status');
  return Object.fromEntries(body.scheduled.map((one: { name: string }) => [one.name, one]));
};

describe('PUT /api/sync/schedule', () => {
  it('takes the body of the guide, and every process and Redis know of it when the answer comes', async () => {
    const { status, body } = await put({ incrementalInterval: 30, fullSyncHour: 23, fullSyncMinute: 45 });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ incrementalInterval: 30, fullSyncHour: 23, fullSyncMinute: 45, timeZone: 'America/New_York' },
      schedules: [
        { name: 'incremental', intervalSeconds: 1800 },
        { name: 'full', cron: '45 23 * * *' },
      ],
    });
    const seen = await scheduled();
    expect(seen.incremental).toEqual(body.schedules[0]);
    expect(seen.full).toEqual(body.schedules[1]);
    expect(Date.parse(seen.incremental.nextDueAt) - Date.now()).toBeLessThanOrEqual(1_800_000);
    const redis = openRedis({ redisUrl: bed.redisUrl, failFast: false, onError: () => undefined });
    const schedulers = openSchedules(redis, bed.prefix, nextRun, () => undefined);
    const standing = await schedulers.standing();
    for (const { id, nextDueAt } of body.schedules) expect(standing.get(id)).toBe(Date.parse(nextDueAt));
    await schedulers.close();
    redis.disconnect();
  });

  it.each([
    [{ incrementalInterval: 5 }, { incrementalInterval: 5, fullSyncHour: 2, fullSyncMinute: 0 }],
    [{ fullSyncHour: 0 }, { incrementalInterval: 15, fullSyncHour: 0, fullSyncMinute: 0 }],
    [{ fullSyncMinute: 59 }, { incrementalInterval: 15, fullSyncHour: 2, fullSyncMinute: 59 }],
  ])('takes any part of it, and leaves the rest: %j', async (given, expected) => {
    expect((await put(given)).body).toMatchObject(expected);
  });

  it('stands in the audit log', async () => {
    await put({ incrementalInterval: 20 });
    const [last] = await bed.db.selectFrom('audit_log').selectAll().orderBy('id', 'desc').limit(1).execute();
    expect(last).toMatchObject({
      ...{ action: 'schedule.change', subject_kind: 'schedule', actor: 'admin key' },
      details: { was: 'incremental', intervalSeconds: 1200 },
    });
  });

  it('has bounds, and changes nothing beyond them', async () => {
    const before = await scheduled();
    const beyond: [object, string, string][] = [
      [{ incrementalInterval: 0 }, 'incrementalInterval', 'from 1 to 1440'],
      [{ incrementalInterval: 1441 }, 'incrementalInterval', 'from 1 to 1440'],
      [{ incrementalInterval: 1.5 }, 'incrementalInterval', 'whole number'],
      [{ incrementalInterval: '15' }, 'incrementalInterval', 'whole number'],
      [{ fullSyncHour: 24, incrementalInterval: 7 }, 'fullSyncHour', 'from 0 to 23'],
      [{ fullSyncHour: -1, incrementalInterval: 7 }, 'fullSyncHour', 'from 0 to 23'],
      [{ fullSyncMinute: 60 }, 'fullSyncMinute', 'from 0 to 59'],
      [{}, 'body', 'incrementalInterval, fullSyncHour or fullSyncMinute'],
      [{ interval: 15 }, 'interval', 'is not known here'],
    ];
    for (const [given, field, words] of beyond) {
      const { status, body } = await put(given);
      expect([given, status, body.code]).toEqual([given, 400, 'VALIDATION_FAILED']);
      expect(body.errors).toContainEqual({ field, message: expect.stringContaining(words) });
    }
    expect(await scheduled()).toEqual(before);
  });

  it('makes a schedule again that was deleted', async () => {
    const { full, incremental } = await scheduled();
    await api.send('DELETE', `/api/v1/schedules/${full.id}`);
    await api.send('DELETE', `/api/v1/schedules/${incremental.id}`);
    const { body } = await put({ incrementalInterval: 10, fullSyncHour: 4 });
    expect(body).toMatchObject({
      ...{ incrementalInterval: 10, fullSyncHour: 4, fullSyncMinute: 0, timeZone: 'America/New_York' },
      schedules: [
        { mode: 'incremental', entities: ['accounts', 'contacts', 'matters', 'tasks'] },
        { mode: 'full', entities: [] },
      ],
    });
  });

  it('keeps the days that somebody chose for full syncs, and says when one number is not enough', async () => {
    const { full } = await scheduled();
    await api.send('PATCH', `/api/v1/schedules/${full.id}`, { cron: '0 2 * * 7' });
    expect((await put({ fullSyncHour: 5 })).body.schedules[1]).toMatchObject({ cron: '0 5 * * 7' });
    await api.send('PATCH', `/api/v1/schedules/${full.id}`, { cron: '0 */6 * * *' });
    const refused = await put({ fullSyncMinute: 30, incrementalInterval: 3 });
    expect(refused.status).toBe(400);
    expect(refused.body.detail).toContain('fullSyncHour is needed as well');
    expect((await scheduled()).incremental.intervalSeconds).toBe(900);
    expect((await put({ fullSyncHour: 1, fullSyncMinute: 30 })).body.schedules[1]).toMatchObject({
      cron: '30 1 * * *',
    });
  });
});

describe('the numbers of the guide', () => {
  it('are null where a schedule is of another kind', () => {
    const hourly = { cron: '0 * * * *', intervalSeconds: null };
    expect(guideTimes(hourly, { cron: null, intervalSeconds: 86_400 })).toEqual({
      ...{ incrementalInterval: null, fullSyncHour: null, fullSyncMinute: null },
    });
    expect(guideTimes(undefined, undefined).incrementalInterval).toBeNull();
    expect(atTimeOfDay({ cron: null, intervalSeconds: 86_400 }, 3, 15)).toEqual({ cron: '15 3 * * *' });
  });
});

describe('GET /api/sync/status', () => {
  it('shows what is scheduled, the next first, and whether anything is', async () => {
    const { body } = await api.get('/api/sync/status');
    const times = body.scheduled.map(({ nextDueAt }: { nextDueAt: string }) => nextDueAt);
    expect(times).toEqual([...times].sort());
    expect(body.schedulerEnabled).toBe(true);
    const { full } = await scheduled();
    await api.send('PATCH', `/api/v1/schedules/${full.id}`, { enabled: false });
    expect(Object.keys(await scheduled())).not.toContain('full');
    await api.send('PATCH', `/api/v1/schedules/${full.id}`, { enabled: true });
  });
});
