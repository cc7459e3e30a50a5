import { randomUUID } from 'node:crypto';
import { nextRun } from '@syncline/engine';
import { openRedis, openSchedules, type Schedules } from '@syncline/queue';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { oneConnection, type RunningApi, runningApi } from '../../../../testing/running-api.js';

let bed: TestBed;
let api: RunningApi;
let redis: ReturnType<typeof openRedis>;
let schedulers: Schedules;
let connectionId: string;
let organizationId: string;

beforeAll(async () => {
  bed = await createTestBed();
  api = await runningApi(bed, { ...oneConnection, ENABLE_SYNC_SCHEDULER: 'true' });
  // Another process' eyes.
  redis = openRedis({ redisUrl: bed.redisUrl, failFast: false, onError: () => undefined });
  schedulers = openSchedules(redis, bed.prefix, nextRun, () => undefined);
  const connection = await bed.db.selectFrom('connections').select(['id', 'organization_id']).executeTakeFirstOrThrow();
  [connectionId, organizationId] = [connection.id, connection.organization_id];
});
afterAll(async () => {
  await schedulers.close();
  redis.disconnect();
  await api.stop();
  await bed.close();
});
beforeEach(async () => {
  await bed.db.deleteFrom('sync_schedules').where('name', 'like', 'mine%').execute();
});

const base = '/api/v1/schedules';
const mine = (extra: object = {}) => ({
  ...{ connectionId, name: 'mine', cron: '0 9-17/2 * * 1-5', timeZone: 'America/New_York', mode: 'incremental' },
  ...extra,
});
const make = async (extra: object = {}) => (await api.send('POST', base, mine(extra))).body;
const audited = async (id: string) =>
  bed.db
    .selectFrom('audit_log')
    .select(['action', 'actor', 'details'])
    .where('subject_id', '=', id)
    .orderBy('id')
    .execute();
const firesAt = async (id: string) => (await schedulers.standing()).get(id);

describe('schedules', () => {
  it('are there from the start, as the connector proposes them', async () => {
    const { status, body } = await api.get(base);
    expect(status).toBe(200);
    expect(body.schedulerEnabled).toBe(true);
    const named = Object.fromEntries(body.data.map((one: { name: string }) => [one.name, one]));
    expect(named.incremental).toMatchObject({
      ...{ connectionId, intervalSeconds: 900, cron: null, mode: 'incremental', enabled: true, lastRun: null },
      entities: ['accounts', 'contacts', 'matters', 'tasks'],
    });
    expect(named.full).toMatchObject({ cron: '0 2 * * *', timeZone: 'America/New_York', mode: 'full', entities: [] });
    expect(new Date(named.incremental.nextDueAt).getTime()).toBeGreaterThan(Date.now());
  });

  it('can be asked for by connection', async () => {
    expect((await api.get(`${base}?connectionId=${connectionId}`)).body.data.length).toBeGreaterThanOrEqual(2);
    expect((await api.get(`${base}?connectionId=${randomUUID()}`)).body.data).toEqual([]);
    expect((await api.get(`${base}?connectionId=x`)).status).toBe(400);
  });
});

describe('a new schedule', () => {
  it('is in force when the answer comes, and stands in the audit log', async () => {
    const { status, body } = await api.send('POST', base, mine({ entities: ['tasks', 'tasks'] }));
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ connectionId, name: 'mine', cron: '0 9-17/2 * * 1-5', timeZone: 'America/New_York' },
      ...{ intervalSeconds: null, entities: ['tasks'], mode: 'incremental', enabled: true },
    });
    expect(await firesAt(body.id)).toBe(Date.parse(body.nextDueAt));
    expect(await audited(body.id)).toMatchObject([
      { action: 'schedule.create', actor: 'admin key', details: { name: 'mine', cron: '0 9-17/2 * * 1-5' } },
    ]);
  });

  it.each([
    [{ cron: '0 */2 9-18 * * 1-5' }, 'cron', 'comes every 2 minutes'],
    [{ cron: '61 * * * *' }, 'cron', 'is not a cron expression'],
    [{ cron: undefined }, 'cron', 'cron or intervalSeconds is needed'],
    [{ intervalSeconds: 900 }, 'cron', 'give one'],
    [{ cron: undefined, intervalSeconds: 59 }, 'intervalSeconds', 'from 60 to 2678400'],
    [{ timeZone: 'EST' }, 'timeZone', 'write America/New_York'],
    [{ entities: ['unicorns'] }, 'entities', 'PracticePanther has no unicorns; it has users, '],
    [{ name: 'incremental' }, 'name', 'has a schedule named incremental already'],
    [{ name: ' ' }, 'name', ''],
    [{ mode: 'backfill' }, 'mode', ''],
    [{ organizationId: 'x' }, 'organizationId', 'is not known here'],
  ])('is refused with the field that is wrong: %j', async (wrong, field, words) => {
    const { status, body } = await api.send('POST', base, mine(wrong));
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(body.errors).toMatchObject([{ field, message: expect.stringContaining(words) }]);
  });

  it('needs a connection that is there', async () => {
    const { status, body } = await api.send('POST', base, mine({ connectionId: randomUUID() }));
    expect([status, body.code]).toEqual([404, 'CONNECTION_NOT_FOUND']);
  });
});

describe('a change', () => {
  it('is in force when the answer comes: the next slot is the new one, in every process', async () => {
    const { id } = await make();
    const { status, body } = await api.send('PATCH', `${base}/${id}`, { intervalSeconds: 3600 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ cron: null, intervalSeconds: 3600, name: 'mine' });
    expect(Date.parse(body.nextDueAt) - Date.now()).toBeLessThanOrEqual(3_600_000);
    expect(await firesAt(id)).toBe(Date.parse(body.nextDueAt));
    const back = (await api.send('PATCH', `${base}/${id}`, { cron: '0 0 1 1 *' })).body;
    expect(back).toMatchObject({ cron: '0 0 1 1 *', intervalSeconds: null, timeZone: 'America/New_York' });
    expect(back.nextDueAt).toMatch(/-01-01T05:00:00.000Z$/);
    expect(await firesAt(id)).toBe(Date.parse(back.nextDueAt));
    const actions = (await audited(id)).map(({ action, details }) => [action, details]);
    expect(actions.slice(1)).toEqual([
      ['schedule.change', { was: 'mine', intervalSeconds: 3600 }],
      ['schedule.change', { was: 'mine', cron: '0 0 1 1 *' }],
    ]);
  });

  it('of what it syncs leaves the next slot as it is, even one that is overdue', async () => {
    const { id } = await make();
    const due = new Date(Date.now() - 3_600_000);
    await bed.db.updateTable('sync_schedules').set({ next_due_at: due }).where('id', '=', id).execute();
    const { body } = await api.send('PATCH', `${base}/${id}`, { name: 'mine too', mode: 'full', entities: [] });
    expect(body).toMatchObject({ name: 'mine too', mode: 'full', entities: [], nextDueAt: due.toISOString() });
  });

  it('switches it off and on again; what was missed meanwhile is not made up for', async () => {
    const { id } = await make();
    const off = (await api.send('PATCH', `${base}/${id}`, { enabled: false })).body;
    expect(off).toMatchObject({ enabled: false, nextDueAt: null });
    expect(await firesAt(id)).toBeUndefined();
    const on = (await api.send('PATCH', `${base}/${id}`, { enabled: true })).body;
    expect(Date.parse(on.nextDueAt)).toBeGreaterThan(Date.now());
    expect(await firesAt(id)).toBe(Date.parse(on.nextDueAt));
  });

  it('does not need Redis: it stands in Postgres, and a worker sets the alarm clock', async () => {
    const { id } = await make();
    const before = await firesAt(id);
    const nowhere = { ...oneConnection, ENABLE_SYNC_SCHEDULER: 'true', REDIS_URL: 'redis://127.0.0.1:1' };
    const alone = await runningApi(bed, nowhere);
    const { status, body } = await alone.send('PATCH', `${base}/${id}`, { cron: '0 0 1 1 *' });
    expect([status, body.cron]).toEqual([200, '0 0 1 1 *']);
    expect(await firesAt(id)).toBe(before);
    await alone.stop();
  });

  it('that is refused changes nothing', async () => {
    const { id } = await make();
    const before = (await api.get(base)).body.data.find((one: { id: string }) => one.id === id);
    for (const wrong of [{}, { cron: '* * * * * *' }, { name: 'full' }, { mode: 'full', timeZone: 'EST' }]) {
      expect((await api.send('PATCH', `${base}/${id}`, wrong)).status, JSON.stringify(wrong)).toBe(400);
    }
    expect((await api.get(base)).body.data.find((one: { id: string }) => one.id === id)).toEqual(before);
  });
});

describe('a schedule that is deleted', () => {
  it('is gone, with its job scheduler', async () => {
    const { id } = await make();
    expect(await firesAt(id)).toBeDefined();
    expect((await api.send('DELETE', `${base}/${id}`)).body).toEqual({ id, deleted: true });
    expect((await schedulers.standing()).has(id)).toBe(false);
    expect((await audited(id)).at(-1)).toMatchObject({ action: 'schedule.delete', details: { name: 'mine' } });
    expect((await api.send('DELETE', `${base}/${id}`)).status).toBe(404);
  });

  it('does not come back at the next start, although the connector proposes it', async () => {
    const all = (await api.get(base)).body.data;
    const { id } = all.find((one: { name: string }) => one.name === 'full');
    await api.send('DELETE', `${base}/${id}`);
    const again = await runningApi(bed, oneConnection);
    const after = await again.get(base);
    expect(after.body.data.map((one: { name: string }) => one.name)).not.toContain('full');
    expect(after.body.schedulerEnabled).toBe(false);
    await again.stop();
  });
});

describe('what came of a schedule', () => {
  it('is listed newest first, in pages, and the last of it stands with the schedule', async () => {
    const { id } = await make();
    const slots = [1, 2, 3].map((day) => new Date(Date.UTC(2026, 0, day)));
    for (const due_at of slots) {
      const of = { schedule_id: id, organization_id: organizationId, due_at, sync_job_id: null };
      await bed.db
        .insertInto('sync_schedule_runs')
        .values({ ...of, outcome: 'skipped', code: 'SYNC_STOPPED', detail: 'The emergency stop is in force' })
        .execute();
    }
    await bed.db
      .updateTable('sync_schedules')
      .set({ last_due_at: slots[2] ?? null })
      .where('id', '=', id)
      .execute();
    const { body } = await api.get(`${base}/${id}/runs?limit=2`);
    expect(body.pagination).toEqual({ page: 1, limit: 2, total: 3, totalPages: 2 });
    expect(body.data.map(({ dueAt }: { dueAt: string }) => dueAt.slice(0, 10))).toEqual(['2026-01-03', '2026-01-02']);
    expect(body.data[0]).toMatchObject({ outcome: 'skipped', code: 'SYNC_STOPPED', syncJobId: null });
    const shown = (await api.get(base)).body.data.find((one: { id: string }) => one.id === id);
    expect(shown.lastRun).toEqual(body.data[0]);
  });
});

describe("another organization's schedules", () => {
  it('cannot be seen, changed, deleted, or made', async () => {
    const other = await bed.db
      .insertInto('organizations')
      .values({ slug: `other-${randomUUID()}`, name: 'Other', stopped_at: null, stopped_by: null })
      .returning('id')
      .executeTakeFirstOrThrow();
    const theirs = await bed.db
      .insertInto('connections')
      .values({ organization_id: other.id, connector: 'practicepanther', name: 'theirs', settings: '{}' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const of = { organization_id: other.id, connection_id: theirs.id, interval_seconds: 900, cron: null };
    const { id } = await bed.db
      .insertInto('sync_schedules')
      .values({ ...of, name: 'mine, they say', mode: 'full', next_due_at: new Date(), last_due_at: null })
      .returning('id')
      .executeTakeFirstOrThrow();
    expect((await api.get(base)).body.data.map((one: { id: string }) => one.id)).not.toContain(id);
    expect((await api.get(`${base}/${id}/runs`)).status).toBe(404);
    expect((await api.send('PATCH', `${base}/${id}`, { enabled: false })).status).toBe(404);
    expect((await api.send('DELETE', `${base}/${id}`)).status).toBe(404);
    expect((await api.send('POST', base, mine({ connectionId: theirs.id }))).status).toBe(404);
    const row = await bed.db.selectFrom('sync_schedules').select('enabled').where('id', '=', id).executeTakeFirst();
    expect(row).toEqual({ enabled: true });
  });

  it('an id that cannot be one is as unknown as any other', async () => {
    expect((await api.get(`${base}/nonsense/runs`)).status).toBe(404);
    expect((await api.send('PATCH', `${base}/nonsense`, { enabled: false })).status).toBe(404);
    expect((await api.send('DELETE', `${base}/nonsense`)).status).toBe(404);
  });
});

describe('a preview', () => {
  const preview = (body: object) => api.send('POST', `${base}/preview`, body);

  it('says in words what a schedule would mean, and when it would be due, and makes none', async () => {
    const before = (await api.get(base)).body.data.length;
    const { status, body } = await preview({ cron: '0 9-17/2 * * 1-5', timeZone: 'america/new_york' });
    expect([status, body.words]).toEqual([200, 'Every 2 hours from 09:00 to 17:00, from Monday to Friday']);
    expect([body.timeZone, body.times.length]).toEqual(['America/New_York', 5]);
    expect((await api.get(base)).body.data).toHaveLength(before);
  });

  it('has the very times of the schedule that is made of it', async () => {
    const given = { name: 'mine too', mode: 'full', intervalSeconds: 86_400, connectionId };
    const { times, words } = (await preview(given)).body;
    const made = (await api.send('POST', base, given)).body;
    expect([words, made.nextDueAt]).toEqual(['Every day', times[0]]);
    expect(Date.parse(times[4]) - Date.parse(times[0])).toBe(4 * 86_400_000);
  });

  it('refuses what a schedule is refused for, and connections that are not there', async () => {
    for (const body of [{}, { cron: '* * *' }, { cron: '0 0 30 2 *' }, { cron: '0 * * * *', timeZone: 'EST' }]) {
      expect([body, (await preview(body)).body.code]).toEqual([body, 'VALIDATION_FAILED']);
    }
    const { status } = await preview({ intervalSeconds: 60, connectionId: randomUUID() });
    expect(status).toBe(404);
  });
});
