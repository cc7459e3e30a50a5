import { randomUUID } from 'node:crypto';
import {
  type Alert,
  countAlerts,
  countOpenAlerts,
  forgetOldAlerts,
  type JudgeOptions,
  judgeConnections,
  listAlerts,
  listCrons,
} from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

let bed: TestBed;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(() =>
  sql`delete from connections`.execute(bed.db).then(() => sql`delete from organizations`.execute(bed.db)),
);

interface Owner {
  readonly id: string;
  readonly organization_id: string;
}

async function connect(values: { status?: string; settings?: object; daysOld?: number } = {}): Promise<Owner> {
  const { status = 'active', settings = {}, daysOld = 30 } = values;
  const organization_id = randomUUID();
  await sql`insert into organizations (id, slug, name) values (${organization_id}, ${organization_id}, 'A firm')`.execute(
    bed.db,
  );
  const id = randomUUID();
  await sql`insert into connections (id, organization_id, connector, name, status, settings, created_at)
    values (${id}, ${organization_id}, 'shop', 'test', ${status}, ${JSON.stringify(settings)},
      now() - make_interval(days => ${daysOld}))`.execute(bed.db);
  return { id, organization_id };
}

/** Syncs that ended so many hours ago, having taken so many seconds. */
async function ended(of: Owner, syncs: { status?: string; hoursAgo?: number; seconds?: number; count?: number } = {}) {
  const { status = 'succeeded', hoursAgo = 1, seconds = 10, count = 1 } = syncs;
  await sql`insert into sync_jobs (organization_id, connection_id, sync_type, mode, trigger, status, error_code,
      created_at, started_at, ended_at)
    select ${of.organization_id}, ${of.id}, 'full', 'full', 'schedule', ${status},
      case when ${status} = 'failed' then 'UPSTREAM_REJECTED' end,
      now() - make_interval(hours => ${hoursAgo}, secs => ${seconds}),
      now() - make_interval(hours => ${hoursAgo}, secs => ${seconds}),
      now() - make_interval(hours => ${hoursAgo})
    from generate_series(1, ${count}::int)`.execute(bed.db);
}

const every = (seconds: number, entities: string[] = []) => ({ cron: null, interval_seconds: seconds, entities });
async function schedule(of: Owner, when: { cron: string | null; interval_seconds: number | null; entities: string[] }) {
  await sql`insert into sync_schedules (organization_id, connection_id, name, cron, interval_seconds, entities, mode,
      next_due_at, created_at)
    values (${of.organization_id}, ${of.id}, ${randomUUID().slice(0, 20)}, ${when.cron}, ${when.interval_seconds},
      ${when.entities}::text[], 'incremental', now(), now() - interval '30 days')`.execute(bed.db);
}

/** Up to when an entity is complete; null: runs have ended, but none came through. */
async function confirmed(of: Owner, entity: string, minutesAgo: number | null) {
  await sql`insert into sync_state (connection_id, entity, organization_id, watermark)
    values (${of.id}, ${entity}, ${of.organization_id}, now() - make_interval(mins => ${minutesAgo}::int))
    on conflict (connection_id, entity) do update set watermark = excluded.watermark`.execute(bed.db);
}

/** Customers come along with orders, which depend on them. */
const entities = [
  { connector: 'shop', entity: 'customers', broughtBy: ['customers', 'orders'] },
  { connector: 'shop', entity: 'orders', broughtBy: ['orders'] },
  { connector: 'another', entity: 'things', broughtBy: ['things'] },
];
const judge = (options: Partial<JudgeOptions> = {}) => judgeConnections(bed.db, { entities, pauses: [], ...options });
const kinds = (alerts: readonly Alert[]) => alerts.map(({ kind }) => kind);
/** What one judgement changed. */
const changes = async (options: Partial<JudgeOptions> = {}) => {
  const { raised, cleared } = await judge(options);
  return { raised: kinds(raised), cleared: kinds(cleared) };
};
const nothing = { raised: [], cleared: [] };

describe('failures', () => {
  it('are over when the connection is deleted, before its history is gone', async () => {
    const connection = await connect();
    await ended(connection, { status: 'failed', count: 3 });
    expect((await changes()).raised).toEqual(['failures']);
    await sql`update connections set deleted_at = now(), status = 'paused'`.execute(bed.db);
    expect((await changes()).cleared).toEqual(['failures']);
  });

  it('are an alert from the third of a day on, raised once and cleared once', async () => {
    const connection = await connect();
    await ended(connection, { status: 'failed', count: 2 });
    await ended(connection, { status: 'failed', hoursAgo: 25, count: 9 });
    await ended(connection, { status: 'partial', count: 9 });
    await ended(connection, { status: 'cancelled', count: 9 });
    expect(await changes()).toEqual(nothing);

    await ended(connection, { status: 'failed' });
    const { raised } = await judge();
    expect(raised).toMatchObject([
      {
        ...{ kind: 'failures', organizationId: connection.organization_id, connectionId: connection.id },
        ...{ connector: 'shop', clearedAt: null },
        detail: { failed: 3, hours: 24, lastErrorCode: 'UPSTREAM_REJECTED' },
      },
    ]);
    await ended(connection, { status: 'failed' });
    expect(await changes()).toEqual(nothing);

    await sql`update sync_jobs set ended_at = ended_at - interval '1 day'`.execute(bed.db);
    const { cleared } = await judge();
    expect(cleared).toMatchObject([{ id: raised[0]?.id, kind: 'failures', clearedAt: expect.any(Date) }]);
    expect(await changes()).toEqual(nothing);

    await ended(connection, { status: 'failed', count: 3 });
    expect(await changes()).toEqual({ raised: ['failures'], cleared: [] });
  });

  it('are also syncs of which an entity could not be read, as in the history, and not those that lack records', async () => {
    const connection = await connect();
    await ended(connection, { status: 'partial', count: 3 });
    await sql`insert into sync_progress (organization_id, connection_id, sync_job_id, entity, mode, position, status)
      select organization_id, connection_id, id, 'orders', 'full', 0, 'partial' from sync_jobs`.execute(bed.db);
    expect(await changes()).toEqual(nothing);
    await sql`update sync_progress set status = 'failed'`.execute(bed.db);
    await sql`update sync_jobs set error_code = 'UPSTREAM_REJECTED'`.execute(bed.db);
    expect((await judge()).raised).toMatchObject([
      { kind: 'failures', detail: { failed: 3, lastErrorCode: 'UPSTREAM_REJECTED' } },
    ]);
  });

  it('of a connection that is deleted are nobody’s any more, while its rows are being erased', async () => {
    const connection = await connect();
    await ended(connection, { status: 'failed', count: 3 });
    expect(await changes()).toEqual({ raised: ['failures'], cleared: [] });
    await sql`update connections set deleted_at = now() where id = ${connection.id}`.execute(bed.db);
    expect(await changes()).toEqual({ raised: [], cleared: ['failures'] });
  });

  it('of one connection are not another’s', async () => {
    const [one, other] = [await connect(), await connect()];
    await ended(one, { status: 'failed', count: 2 });
    await ended(other, { status: 'failed', count: 2 });
    expect(await changes()).toEqual(nothing);
  });
});

describe('slow syncs', () => {
  it('are an alert when they take over ten minutes on average, three of them at least', async () => {
    const connection = await connect();
    await ended(connection, { seconds: 7_200, count: 2 });
    expect(await changes()).toEqual(nothing);
    await ended(connection, { seconds: 7_200, status: 'partial' });
    expect((await judge()).raised).toMatchObject([
      { kind: 'slow', detail: { averageSeconds: 7_200, syncs: 3, hours: 24 } },
    ]);
    expect(await changes()).toEqual(nothing);
    await ended(connection, { seconds: 1, count: 40 });
    expect(await changes()).toEqual({ raised: [], cleared: ['slow'] });
    expect(await changes()).toEqual(nothing);
  });

  it('are not the windows of a history, which take as long as they take', async () => {
    const connection = await connect();
    await ended(connection, { seconds: 7_200, count: 3 });
    await sql`update sync_jobs set sync_type = 'history', mode = 'backfill',
      selection = '{"from": "2025-06-01T00:00:00.000Z", "to": null}' where connection_id = ${connection.id}`.execute(
      bed.db,
    );
    expect(await changes()).toEqual(nothing);
  });

  it('are not those of the day before, nor those that were cancelled or go on', async () => {
    const connection = await connect();
    await ended(connection, { seconds: 7_200, count: 9, hoursAgo: 25 });
    await ended(connection, { seconds: 7_200, count: 9, status: 'cancelled' });
    await ended(connection, { seconds: 600, count: 3 });
    await sql`insert into sync_jobs (organization_id, connection_id, sync_type, mode, trigger, status, started_at)
      values (${connection.organization_id}, ${connection.id}, 'full', 'full', 'manual', 'running', now() - interval '1 day')`.execute(
      bed.db,
    );
    expect(await changes()).toEqual(nothing);
  });
});

describe('data that are too old', () => {
  /** What a quarter-hourly schedule wants: half an hour. */
  it('are an alert when they have missed two times of the tightest schedule that brings them', async () => {
    const connection = await connect();
    await schedule(connection, every(86_400));
    await schedule(connection, every(900, ['orders']));
    await confirmed(connection, 'orders', 29);
    await confirmed(connection, 'customers', 29);
    expect(await changes()).toEqual(nothing);
    await confirmed(connection, 'customers', 31);
    const { raised } = await judge();
    expect(raised).toMatchObject([{ kind: 'stale', detail: { count: 1 } }]);
    expect(raised[0]?.detail).toEqual({
      count: 1,
      entities: [{ entity: 'customers', targetMinutes: 30, confirmedAt: expect.stringMatching(/^20.*T.*Z$/) }],
    });
    await confirmed(connection, 'orders', 300);
    expect(await changes()).toEqual(nothing);
    await confirmed(connection, 'customers', 1);
    expect(await changes()).toEqual(nothing);
    await confirmed(connection, 'orders', 1);
    expect(await changes()).toEqual({ raised: [], cleared: ['stale'] });
    expect(await changes()).toEqual(nothing);
  });

  it('name the worst first, ten at most', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `entity${i}`);
    const many = names.map((entity) => ({ connector: 'shop', entity, broughtBy: [entity] }));
    const connection = await connect();
    await schedule(connection, every(3600));
    for (const [i, entity] of names.entries()) await confirmed(connection, entity, 200 + i);
    const { raised } = await judge({ entities: many });
    expect(raised).toMatchObject([{ detail: { count: 12 } }]);
    const [alert] = raised;
    expect(alert?.kind === 'stale' && alert.detail.entities.map(({ entity }) => entity)).toEqual(
      names.slice(2).reverse(),
    );
  });

  it.each<[string, () => Promise<Owner>, ReturnType<typeof every>, number, boolean]>([
    ['every minute leaves a sync ten minutes', () => connect(), every(60), 10, false],
    ['every minute leaves no more', () => connect(), every(60), 12, true],
    ['a setting makes it looser', () => connect({ settings: { freshnessMinutes: 300 } }), every(900), 299, false],
    ['a setting is a target too', () => connect({ settings: { freshnessMinutes: 300 } }), every(900), 301, true],
    ['a setting makes it tighter', () => connect({ settings: { freshnessMinutes: 5 } }), every(900), 6, true],
    ['a setting that is no number', () => connect({ settings: { freshnessMinutes: 'x' } }), every(900), 29, false],
    ['a paused connection', () => connect({ status: 'paused' }), every(900), 99_999, false],
    ['one that waits for its credentials', () => connect({ status: 'error' }), every(900), 99_999, true],
  ])('%s', async (_what, make, when, minutesAgo, late) => {
    const connection = await make();
    await schedule(connection, when);
    await confirmed(connection, 'orders', minutesAgo);
    expect(kinds((await judge()).raised)).toEqual(late ? ['stale'] : []);
  });

  it('are nobody’s concern where no enabled schedule brings them, or everything is stopped', async () => {
    const connection = await connect();
    await confirmed(connection, 'orders', 99_999);
    expect(await changes()).toEqual(nothing);
    await schedule(connection, every(900, ['customers']));
    expect(await changes()).toEqual(nothing);
    await schedule(connection, every(900, ['orders']));
    await sql`update sync_schedules set enabled = false, next_due_at = null`.execute(bed.db);
    expect(await changes()).toEqual(nothing);
    await sql`update sync_schedules set enabled = true, next_due_at = now()`.execute(bed.db);
    await sql`update organizations set stopped_at = now()`.execute(bed.db);
    expect(await changes()).toEqual(nothing);
    await sql`update organizations set stopped_at = null`.execute(bed.db);
    expect(await changes({ entities: undefined })).toEqual(nothing);
    expect(await changes()).toEqual({ raised: ['stale'], cleared: [] });
  });

  it('count by a cron expression’s longest pause, if it is known', async () => {
    const connection = await connect();
    await schedule(connection, { cron: '0 2 * * 1-5', interval_seconds: null, entities: [] });
    await confirmed(connection, 'orders', 3 * 24 * 60);
    expect(await listCrons(bed.db)).toEqual([{ cron: '0 2 * * 1-5', timeZone: 'UTC' }]);
    const pause = { cron: '0 2 * * 1-5', timeZone: 'UTC', seconds: 3 * 86_400 };
    expect(await changes()).toEqual(nothing);
    expect(await changes({ pauses: [{ ...pause, timeZone: 'Europe/Berlin', seconds: 60 }] })).toEqual(nothing);
    expect(await changes({ pauses: [pause] })).toEqual(nothing);
    expect(await changes({ pauses: [{ ...pause, seconds: 86_400 }] })).toEqual({ raised: ['stale'], cleared: [] });
  });

  it('leave a first sync a day', async () => {
    const fresh = await connect({ daysOld: 0 });
    await schedule(fresh, every(900));
    const old = await connect();
    await schedule(old, every(900));
    const { raised } = await judge();
    expect(raised).toMatchObject([{ connectionId: old.id, detail: { count: 2 } }]);
    expect(raised[0]?.detail).toMatchObject({ entities: [{ confirmedAt: null }, { confirmedAt: null }] });
  });

  it('are not expected of an entity that a release has just brought, but of one whose runs all failed', async () => {
    const connection = await connect();
    await schedule(connection, every(900));
    await confirmed(connection, 'orders', 1);
    expect(await changes()).toEqual(nothing);
    await confirmed(connection, 'customers', null);
    expect(await changes()).toEqual({ raised: ['stale'], cleared: [] });
  });
});

describe('a verification that found something', () => {
  const verified = async (of: Owner, minutesAgo: number, findings: number, status = 'done') => {
    const id = randomUUID();
    await sql`insert into verifications (id, organization_id, connection_id, trigger, status, created_at)
      values (${id}, ${of.organization_id}, ${of.id}, 'schedule', ${status}, now() - make_interval(mins => ${minutesAgo}))`.execute(
      bed.db,
    );
    await sql`insert into verification_entities (verification_id, organization_id, entity, position)
      values (${id}, ${of.organization_id}, 'orders', 0), (${id}, ${of.organization_id}, 'bills', 1)`.execute(bed.db);
    await sql`insert into verification_findings (verification_id, organization_id, entity, vendor_id, kind)
      select ${id}, ${of.organization_id}, 'bills', n, 'missing' from generate_series(1, ${findings}::int) n`.execute(
      bed.db,
    );
    return id;
  };

  it('is an alert until it is repaired, or a later one that was done is clean', async () => {
    const [firm, other] = [await connect(), await connect()];
    await verified(firm, 9, 0);
    expect(await changes()).toEqual(nothing);
    const id = await verified(firm, 8, 3);
    await verified(firm, 7, 0, 'failed');
    await verified(other, 8, 2);
    const { raised: alerts } = await judge();
    expect(alerts.find(({ connectionId }) => connectionId === firm.id)).toMatchObject({
      kind: 'differences',
      detail: { verificationId: id, findings: 3, entities: ['bills'] },
    });
    expect(alerts).toHaveLength(2);
    await verified(other, 5, 0);
    await sql`update verifications set repair = 'done' where id = ${id}`.execute(bed.db);
    expect((await judge()).cleared.map(({ connectionId }) => connectionId).sort()).toEqual([firm.id, other.id].sort());
  });
});

describe('a connection that has to be authorised again', () => {
  it('is an alert until it is', async () => {
    const connection = await connect({ status: 'needs_reauth' });
    expect((await judge()).raised).toMatchObject([{ kind: 'needs_reauth', detail: {} }]);
    expect(await changes()).toEqual(nothing);
    await sql`update connections set status = 'active' where id = ${connection.id}`.execute(bed.db);
    expect(await changes()).toEqual({ raised: [], cleared: ['needs_reauth'] });
  });

  it('is cleared when it is deleted, and stays in the history', async () => {
    const connection = await connect({ status: 'needs_reauth' });
    await judge();
    await sql`delete from connections where id = ${connection.id}`.execute(bed.db);
    expect((await judge()).cleared).toMatchObject([{ connectionId: connection.id, connector: 'shop' }]);
    expect(await countAlerts(bed.db, connection.organization_id, { state: 'all' })).toBe(1);
  });
});

describe('alerts', () => {
  it('are raised and cleared once by ten who judge at once', async () => {
    const connection = await connect({ status: 'needs_reauth' });
    await ended(connection, { status: 'failed', count: 3 });
    const all = await Promise.all(Array.from({ length: 10 }, () => judge()));
    expect(all.flatMap(({ raised }) => kinds(raised)).sort()).toEqual(['failures', 'needs_reauth']);
    await sql`update connections set status = 'active'`.execute(bed.db);
    const again = await Promise.all(Array.from({ length: 10 }, () => judge()));
    expect(again.flatMap(({ cleared }) => kinds(cleared))).toEqual(['needs_reauth']);
    expect(again.flatMap(({ raised }) => raised)).toEqual([]);
  });

  it('are an organization’s own, the latest first, a page at a time', async () => {
    const [mine, theirs] = [await connect({ status: 'needs_reauth' }), await connect({ status: 'needs_reauth' })];
    await judge();
    await sql`update connections set status = 'active' where id = ${mine.id}`.execute(bed.db);
    await ended(mine, { status: 'failed', count: 3 });
    await judge();
    const list = (cleared: boolean, of = mine, limit = 10) =>
      listAlerts(bed.db, of.organization_id, { state: cleared ? 'all' : 'open' }, { limit, offset: 0 });
    expect(await list(false)).toMatchObject([{ kind: 'failures', clearedAt: null, messages: [] }]);
    expect(await list(true)).toMatchObject([
      { kind: 'failures' },
      { kind: 'needs_reauth', clearedAt: expect.any(Date) },
    ]);
    expect(await list(true, mine, 1)).toMatchObject([{ kind: 'failures' }]);
    expect(await list(false, theirs)).toMatchObject([{ connectionId: theirs.id }]);
    expect(await countAlerts(bed.db, mine.organization_id, { state: 'all' })).toBe(2);
    expect(await countOpenAlerts(bed.db, mine.organization_id)).toEqual([{ kind: 'failures', open: 1 }]);
    expect(await countOpenAlerts(bed.db)).toEqual([
      { kind: 'failures', open: 1 },
      { kind: 'needs_reauth', open: 1 },
    ]);
  });

  it('are forgotten some time after they were cleared, never while they are open', async () => {
    const [over, open] = [await connect({ status: 'needs_reauth' }), await connect({ status: 'needs_reauth' })];
    await judge();
    await sql`update connections set status = 'active' where id = ${over.id}`.execute(bed.db);
    await judge();
    await sql`update sync_alerts set raised_at = now() - interval '99 days',
      cleared_at = cleared_at - interval '91 days'`.execute(bed.db);
    expect(await forgetOldAlerts(bed.db, 92)).toBe(0);
    expect(await forgetOldAlerts(bed.db, 90)).toBe(1);
    expect(await countAlerts(bed.db, open.organization_id, { state: 'all' })).toBe(1);
  });
});
