import { type Page, type PageRequest, SyncError } from '@syncline/connector-kit';
import { findHistory } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { schedule, setDue } from '../../testing/schedule-rows.js';
import { emptyPage, openShop, type Shop, type ShopEntity } from '../../testing/shop.js';
import { cancelSync } from '../control/cancel-sync.js';
import { finishJob } from '../job/finish-job.js';
import { startSync } from '../job/start-sync.js';
import { runEntity } from '../run/run-entity.js';
import { dispatchDue } from '../schedules/dispatch-due.js';
import { carryOnHistory } from './carry-on-history.js';
import { pauseHistory, startHistory } from './change-history.js';
import { keepHistories } from './keep-histories.js';
import { monthAfter, monthOf } from './months.js';
import { readHistory } from './read-history.js';

let bed: TestBed;
let shop: Shop;
let owner: { organizationId: string; connectionId: string };
/** What the vendor was asked for: entity, month of the span (or `since`), page. */
const asked: string[] = [];
/** Called before each page. */
let onPage: (entity: ShopEntity, page: number, request: PageRequest) => Promise<void> | void;

const present = monthOf(new Date());
const months = [0, 1, 2].map((back) => monthAfter(present, -back));
const [newest, middle, oldest] = months;
const somebody = { actor: 'somebody' };

beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  shop = await openShop(bed);
  Object.assign(shop.connector, { history: { from: () => oldest } });
  for (const name of ['orders', 'payments'] as const) Object.assign(shop.entity(name), { history: true });
  owner = { organizationId: shop.connection.organizationId, connectionId: shop.connection.id };
  asked.length = 0;
  onPage = () => undefined;
  for (const name of ['customers', 'orders', 'payments'] as const) shop.pages[name] = pagesOf(name);
});
afterEach(() => shop.close());

/** Two pages of orders in each month, one of everything else; a record each. */
function pagesOf(name: ShopEntity) {
  return async (request: PageRequest): Promise<Page> => {
    const page = Number(request.cursor?.['page'] ?? 0);
    const month = request.span && monthOf(request.span.from);
    asked.push(`${name} ${month ?? (request.since === undefined ? 'all' : 'since')} ${page}`);
    await onPage(name, page, request);
    const next = name === 'orders' && month !== undefined && page === 0 ? { page: 1 } : undefined;
    return { ...emptyPage, records: [{ id: `${name} ${month} ${page}` }], next };
  };
}

const sync = (mode: 'full' | 'incremental' = 'incremental') =>
  startSync(shop.ctx, shop.connection, { syncType: mode, mode, entities: [], trigger: 'manual', triggeredBy: null });
const progress = async () => {
  const found = await readHistory(shop.ctx, owner.organizationId, owner);
  if (found === undefined) throw new Error('there is no history');
  return found;
};
const jobs = () =>
  bed.db
    .selectFrom('sync_jobs')
    .selectAll()
    .where('connection_id', '=', owner.connectionId)
    .orderBy('created_at')
    .execute();
const setRow = (what: ReturnType<typeof sql>) =>
  sql`update history_backfills set ${what} where connection_id = ${owner.connectionId}`.execute(bed.db);

/** Does a worker's part: the live job of the connection, to its end. False when there is none. */
async function work(): Promise<boolean> {
  const live = (await jobs()).find(({ status }) => status === 'queued' || status === 'running');
  if (live === undefined) return false;
  const runs = await bed.db
    .selectFrom('sync_progress')
    .select('entity')
    .where('sync_job_id', '=', live.id)
    .orderBy('position')
    .execute();
  for (const { entity } of runs) {
    await runEntity(shop.ctx, shop.turn(live.id, { entity: entity as ShopEntity })).catch(() => undefined);
  }
  await finishJob(shop.ctx, shop.turn(live.id));
  return true;
}

/** A first sync, and what is left of the history before its first window has begun. */
async function firstSync(): Promise<void> {
  const { jobId } = await sync();
  for (const entity of ['customers', 'orders', 'payments'] as const)
    await runEntity(shop.ctx, shop.turn(jobId, { entity }));
  await finishJob(shop.ctx, shop.turn(jobId));
  asked.length = 0;
}

describe('a first sync', () => {
  it('reads what has a history from its trailing window on, and the history comes by itself, newest month first', async () => {
    const ends = new Set<number | undefined>();
    onPage = (_, __, { span }) => void (span && ends.add(span.to?.getTime()));
    const { jobId } = await sync();
    expect(await progress()).toMatchObject({
      state: 'running',
      phase: 'waiting',
      window: newest,
      percent: 0,
      eta: null,
    });
    expect(await shop.run(jobId, 'customers')).toMatchObject({ mode: 'full', lower_bound: null });
    expect(await shop.run(jobId, 'orders')).toMatchObject({ mode: 'incremental', lower_bound: expect.any(Date) });
    while (await work());
    expect(asked).toEqual([
      ...['customers all 0', 'orders since 0', 'payments since 0'],
      ...months.flatMap((month) => [`orders ${month} 0`, `orders ${month} 1`, `payments ${month} 0`]),
    ]);
    expect(await progress()).toMatchObject({
      ...{ state: 'done', phase: 'done', percent: 100, from: oldest, reached: oldest, window: null, jobId: null },
      ...{ windowsDone: 3, windowsTotal: 3, records: { read: 9, created: 9 }, error: null },
    });
    // Each to the last moment of its month; the newest as far as there is anything.
    expect([...ends]).toEqual([undefined, Date.parse(`${newest}-01`) - 1, Date.parse(`${middle}-01`) - 1]);
    const [, ...windows] = await jobs();
    expect(windows.map(({ sync_type, mode, trigger }) => [sync_type, mode, trigger])).toEqual(
      months.map(() => ['history', 'backfill', 'recovery']),
    );
    // The next one goes on at the watermark, and begins no other history.
    const next = await sync();
    expect(await shop.run(next.jobId, 'orders')).toMatchObject({ mode: 'incremental', mode_reason: null });
    expect(await progress()).toMatchObject({ state: 'done' });
  });

  it('that goes by an access of its own begins no history: the connection may be shown something else', async () => {
    const order = {
      syncType: 'daily',
      mode: 'incremental',
      entities: [],
      trigger: 'manual',
      triggeredBy: null,
    } as const;
    await startSync(shop.ctx, shop.connection, { ...order, adhocHost: 'other.example' });
    expect(await findHistory(bed.db, owner.organizationId, owner)).toBeUndefined();
  });

  it('that comes months after one which failed leaves none of them out', async () => {
    await startSync(shop.ctx, shop.connection, {
      ...{ syncType: 'daily', mode: 'incremental', entities: [], trigger: 'manual', triggeredBy: null },
    });
    await sql`update sync_jobs set status = 'failed' where connection_id = ${owner.connectionId}`.execute(bed.db);
    await setRow(sql`last_month = ${oldest}, next_month = ${oldest}, state = 'done', ended_at = now()`);
    await firstSync();
    while (await work());
    expect(asked.filter((one) => one.startsWith('payments'))).toEqual(months.map((month) => `payments ${month} 0`));
    expect(await progress()).toMatchObject({ state: 'done', windowsTotal: 3 });
  });

  it('that is a full one reads everything, and leaves nothing to a history', async () => {
    await sync('full');
    while (await work());
    expect(asked).toEqual(['customers all 0', 'orders all 0', 'payments all 0']);
    expect(await readHistory(shop.ctx, owner.organizationId, owner)).toBeUndefined();
  });
});

describe('a history that is running', () => {
  it('starts one window, however many want to, and none while something else is synced', async () => {
    await sync();
    await keepHistories(shop.ctx);
    expect(await jobs()).toHaveLength(1);
    await setRow(sql`state = 'paused'`);
    await firstSyncOf();
    await setRow(sql`state = 'running'`);
    await Promise.all(Array.from({ length: 4 }, () => carryOnHistory(shop.ctx, owner)));
    expect((await jobs()).map(({ status }) => status)).toEqual(['succeeded', 'queued']);
  });

  async function firstSyncOf() {
    const [job] = await jobs();
    for (const entity of ['customers', 'orders', 'payments'] as const)
      await runEntity(shop.ctx, shop.turn(job?.id ?? '', { entity }));
    await finishJob(shop.ctx, shop.turn(job?.id ?? ''));
  }

  it('tells how far it is, and when it will be done', async () => {
    await firstSync();
    expect(await progress()).toMatchObject({ phase: 'reading', percent: 0, reached: null, eta: null });
    await work();
    await setRow(sql`recent_seconds = '{30, 50}'`);
    const { eta, ...now } = await progress();
    expect(now).toMatchObject({
      phase: 'reading',
      window: middle,
      reached: newest,
      windowsDone: 1,
      secondsPerWindow: 40,
    });
    expect(now.percent).toBeGreaterThanOrEqual(33);
    expect(now.message).toBe(`Reading ${middle}; 1 of 3 months are read`);
    // Two windows of 40 seconds, less what the one at hand has had.
    const seconds = ((eta?.getTime() ?? 0) - Date.now()) / 1_000;
    expect(seconds).toBeGreaterThan(39);
    expect(seconds).toBeLessThan(81);
    expect(await readHistory(shop.ctx, owner.organizationId, { id: now.id })).toMatchObject({ id: now.id });
    expect(await readHistory(shop.ctx, crypto.randomUUID(), { id: now.id })).toBeUndefined();
  });

  it('gives way to a sync that is due, in the middle of its page, and goes on where it was', async () => {
    await firstSync();
    const due = await schedule(bed, shop.connection);
    const window = (await jobs()).at(-1)?.id ?? '';
    let dispatched = false;
    onPage = async (entity, page, { span }) => {
      if (entity !== 'orders' || page !== 1 || span === undefined || dispatched) return;
      await expect.poll(async () => Number((await shop.run(window, 'orders'))['pages'])).toBe(1);
      // While the second page is in the vendor's hands.
      await setDue(bed, due, 1);
      await dispatchDue(shop.ctx, owner.connectionId);
      dispatched = true;
    };
    await work();
    expect((await jobs()).find(({ id }) => id === window)).toMatchObject({
      status: 'cancelled',
      cancelled_by: 'another sync of the connection',
    });
    expect(await progress()).toMatchObject({ phase: 'waiting', window: newest, records: { read: 1 } });
    await work();
    expect((await jobs()).at(-2)).toMatchObject({ status: 'succeeded', trigger: 'schedule' });
    asked.length = 0;
    await work();
    expect(asked).toEqual([`orders ${newest} 1`, `payments ${newest} 0`]);
    expect(await progress()).toMatchObject({ phase: 'reading', window: middle, records: { read: 3 } });
    asked.length = 0;
    await work();
    expect(asked).toEqual([`orders ${middle} 0`, `orders ${middle} 1`, `payments ${middle} 0`]);
  });

  it('also gives way to the retry of a run of a sync that has ended', async () => {
    onPage = (entity) => {
      if (entity === 'payments') throw new SyncError('UPSTREAM_REJECTED', 'no');
    };
    const { jobId } = await sync();
    await work();
    onPage = () => undefined;
    expect(await progress()).toMatchObject({ phase: 'reading' });
    const window = (await progress()).jobId;
    await runEntity(shop.ctx, shop.turn(jobId, { entity: 'payments' }));
    expect((await jobs()).find(({ id }) => id === window)?.status).toBe('cancelled');
    expect(await shop.run(jobId, 'payments')).toMatchObject({ status: 'succeeded' });
  });

  it('goes on at once where a window was cut short by the cap on pages, with what comes along', async () => {
    Object.assign(shop.entity('orders'), { brings: ['payments'] });
    await sql`update connections set settings = '{"maxPages": 1}' where id = ${owner.connectionId}`.execute(bed.db);
    await firstSync();
    await work();
    expect(await progress()).toMatchObject({ window: newest, phase: 'reading', error: null });
    await work();
    expect(await progress()).toMatchObject({ window: middle, records: { read: 4, created: 3 } });
    const first = [`orders ${newest} 0`, `payments ${newest} 0`];
    expect(asked).toEqual([...first, `orders ${newest} 1`, `payments ${newest} 0`]);
  });

  it('tries a window that failed again, later each time, says why, and goes on as soon as it works', async () => {
    await firstSync();
    onPage = (entity) => {
      if (entity === 'orders') throw new SyncError('UPSTREAM_REJECTED', 'The vendor answered 403');
    };
    await work();
    const failed = await progress();
    expect(failed).toMatchObject({ phase: 'retrying', window: newest, jobId: null });
    expect(failed.error).toMatchObject({ code: 'UPSTREAM_REJECTED', message: expect.stringContaining('403') });
    expect(failed.nextAttemptAt?.getTime()).toBeGreaterThan(Date.now());
    await keepHistories(shop.ctx);
    expect(await work()).toBe(false);
    await setRow(sql`next_attempt_at = now()`);
    await keepHistories(shop.ctx);
    await work();
    const { rows } = await sql`select attempts, next_attempt_at > now() + interval '20 seconds' as later
      from history_backfills where connection_id = ${owner.connectionId}`.execute(bed.db);
    expect(rows).toEqual([{ attempts: 2, later: true }]);
    onPage = () => undefined;
    // Whoever does not want to wait presses start.
    await startHistory(shop.ctx, owner.organizationId, owner.connectionId, somebody);
    while (await work());
    expect(await progress()).toMatchObject({ state: 'done', error: null, records: { created: 9 } });
  });

  it('says so, and waits, when its window cannot even begin', async () => {
    await firstSync();
    await work();
    const { jobId } = await progress();
    await sql`update connections set settings = '{"pageSize": "x"}' where id = ${owner.connectionId}`.execute(bed.db);
    await sql`update sync_jobs set status = 'cancelled' where id = ${jobId}`.execute(bed.db);
    await setRow(sql`sync_job_id = null`);
    await keepHistories(shop.ctx);
    expect(await progress()).toMatchObject({ phase: 'retrying', error: { code: 'CONNECTION_SETTINGS_INVALID' } });
  });

  it('is done when a full sync has read everything, and not when that has read a part', async () => {
    await firstSync();
    onPage = (entity, _, { span }) => {
      if (entity === 'payments' && span === undefined) throw new SyncError('UPSTREAM_REJECTED', 'no');
    };
    await sync('full');
    await work();
    expect(await progress()).toMatchObject({ phase: 'reading', window: newest });
    onPage = () => undefined;
    await sync('full');
    await work();
    expect(await progress()).toMatchObject({ state: 'done', percent: 100 });
    expect(await work()).toBe(false);
  });

  it('is forgotten by nobody: not with the job of its window, nor with all that is queued', async () => {
    await firstSync();
    await work();
    await shop.emptyRedis();
    await sql`delete from sync_jobs where connection_id = ${owner.connectionId}`.execute(bed.db);
    expect(await progress()).toMatchObject({ phase: 'waiting', window: middle, records: { read: 3 } });
    await keepHistories(shop.ctx);
    while (await work());
    expect(await progress()).toMatchObject({ state: 'done' });
  });
});

describe('a pause', () => {
  it('ends the window at hand and keeps its place, until somebody starts it again', async () => {
    await firstSync();
    const window = (await jobs()).at(-1)?.id ?? '';
    onPage = async (entity, page) => {
      if (entity !== 'orders' || page !== 1) return;
      await expect.poll(async () => Number((await shop.run(window, 'orders'))['pages'])).toBe(1);
      await pauseHistory(shop.ctx, owner.organizationId, owner.connectionId, somebody);
    };
    await work();
    onPage = () => undefined;
    expect(await progress()).toMatchObject({ state: 'paused', pausedBy: 'somebody', eta: null, jobId: null });
    await keepHistories(shop.ctx);
    await sync();
    await work();
    expect(await work()).toBe(false);
    asked.length = 0;
    await startHistory(shop.ctx, owner.organizationId, owner.connectionId, somebody);
    await startHistory(shop.ctx, owner.organizationId, owner.connectionId, somebody);
    await work();
    expect(asked).toEqual([`orders ${newest} 1`, `payments ${newest} 0`]);
    const actions = await bed.db
      .selectFrom('audit_log')
      .select(['action', 'actor'])
      .where('organization_id', '=', owner.organizationId)
      .orderBy('id')
      .execute();
    expect(actions).toEqual(['history.pause', 'history.resume'].map((action) => ({ action, actor: 'somebody' })));
  });

  it('is also what comes of cancelling a window', async () => {
    await firstSync();
    await cancelSync(shop.ctx, owner.organizationId, (await progress()).jobId ?? '', somebody);
    await keepHistories(shop.ctx);
    expect(await progress()).toMatchObject({ state: 'paused', pausedBy: 'somebody', window: newest });
    expect(await work()).toBe(false);
  });
});

describe('the start', () => {
  it('of one that is done reads it again from the newest month; of what never was, for the first time', async () => {
    await startHistory(shop.ctx, owner.organizationId, owner.connectionId, somebody);
    while (await work());
    expect(await progress()).toMatchObject({ state: 'done', records: { created: 9 } });
    await startHistory(shop.ctx, owner.organizationId, owner.connectionId, somebody);
    expect(await progress()).toMatchObject({ phase: 'reading', window: newest, windowsDone: 0, records: { read: 0 } });
    while (await work());
    expect(await progress()).toMatchObject({ state: 'done', records: { read: 9, unchanged: 9 } });
  });

  it('is refused for a connector without one, and for a stranger', async () => {
    await expect(startHistory(shop.ctx, crypto.randomUUID(), owner.connectionId, somebody)).rejects.toMatchObject({
      code: 'CONNECTION_NOT_FOUND',
    });
    Object.assign(shop.connector, { history: undefined });
    for (const change of [startHistory, pauseHistory]) {
      await expect(change(shop.ctx, owner.organizationId, owner.connectionId, somebody)).rejects.toMatchObject({
        code: 'NO_HISTORY',
      });
    }
  });
});
