import { randomUUID } from 'node:crypto';
import { keysBelow, scheduleQueue } from '@syncline/queue';
import { activeSchedules, openDatabase, updateSchedule } from '@syncline/store';
import { createTestBed, type TestBed } from '@syncline/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openScheduler, type SchedulerHandle, schedule, setDue } from '../../testing/schedule-rows.js';
import { openShop, type Shop } from '../../testing/shop.js';
import { deriveScheduler, deriveSchedulers, keepSchedules } from './keep-schedules.js';
import { nextDue, timingOf } from './timing.js';

let bed: TestBed;
let shop: Shop;
let prefix: string;
let handle: SchedulerHandle;
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  await bed.db.deleteFrom('sync_schedules').execute();
  shop = await openShop(bed);
  prefix = `${bed.prefix}${randomUUID()}`;
  handle = openScheduler(bed, prefix);
});
afterEach(async () => {
  await handle.close();
  await shop.close();
});

const context = (one: SchedulerHandle = handle) => ({ ...shop.ctx, schedules: one.schedules });
const derive = () => deriveSchedulers(context());
const key = (name: string) => `${prefix}:${scheduleQueue}:${name}`;

/** What the rows want: each enabled one's id, and when it is due. */
async function wanted() {
  return new Map((await activeSchedules(bed.db)).map(({ id, nextDueAt }) => [id, nextDueAt.getTime()]));
}

/** One job scheduler and one delayed job for each row, and nothing else. */
async function expectInStep() {
  const rows = await wanted();
  expect(await handle.schedules.standing()).toEqual(rows);
  expect(await handle.redis.zcard(key('repeat'))).toBe(rows.size);
  expect(await handle.redis.zcard(key('delayed'))).toBe(rows.size);
  expect(await handle.redis.llen(key('wait'))).toBe(0);
}

/** Three kinds of schedules, due when they would be: not while a test is running, or the rows would be behind. */
async function threeSchedules(): Promise<[string, string, string]> {
  const month = ((new Date().getUTCMonth() + 6) % 12) + 1;
  const ids = [
    await schedule(bed, shop.connection, { intervalSeconds: 2_000_000 }),
    await schedule(bed, shop.connection, { cron: `0 2 1 ${month} *`, timeZone: 'America/New_York', mode: 'full' }),
    await schedule(bed, shop.connection, { cron: `30 9-17/2 * ${month} 1-5`, timeZone: 'Europe/Berlin' }),
  ] as [string, string, string];
  await toNextSlot();
  return ids;
}

/** Sets every row to its next slot, as the dispatcher leaves it. */
async function toNextSlot(): Promise<void> {
  for (const row of await activeSchedules(bed.db)) {
    await updateSchedule(bed.db, row, { ...row, nextDueAt: nextDue(timingOf(row), new Date()) ?? null });
  }
}

/** Deletes a schedule's next job with all that is known of it. */
async function removeNext(id: string): Promise<void> {
  const job = `repeat:${id}:${(await wanted()).get(id)}`;
  expect(await handle.redis.zrem(key('delayed'), job)).toBe(1);
  expect(await handle.redis.del(key(job))).toBe(1);
}

async function emptyRedis(): Promise<void> {
  for await (const keys of keysBelow(handle.redis, prefix)) {
    if (keys.length > 0) await handle.redis.unlink(...keys);
  }
}

describe('job schedulers in Redis', () => {
  it('are made of the rows that are enabled, with the same times', async () => {
    await threeSchedules();
    await schedule(bed, shop.connection, { enabled: false, nextDueAt: null });
    await derive();
    expect((await wanted()).size).toBe(3);
    await expectInStep();
  });

  it('are left alone when they are right', async () => {
    await threeSchedules();
    await derive();
    const events = await handle.redis.xlen(key('events'));
    await derive();
    await derive();
    expect(await handle.redis.xlen(key('events'))).toBe(events);
  });

  it('are left alone while a slot is made up for in between', async () => {
    const [often] = await threeSchedules();
    await derive();
    await setDue(bed, often, -30);
    const events = await handle.redis.xlen(key('events'));
    await derive();
    expect(await handle.redis.xlen(key('events'))).toBe(events);
  });

  it('that no row wants are removed, with their jobs', async () => {
    const [first] = await threeSchedules();
    await derive();
    await bed.db.deleteFrom('sync_schedules').where('id', '=', first).execute();
    await derive();
    expect((await wanted()).size).toBe(2);
    await expectInStep();
  });

  it('follow a row that was changed', async () => {
    const [often] = await threeSchedules();
    await derive();
    await bed.db.updateTable('sync_schedules').set({ interval_seconds: 1_234_567 }).where('id', '=', often).execute();
    await toNextSlot();
    const before = await handle.schedules.standing();
    await derive();
    await expectInStep();
    expect(await handle.schedules.standing()).not.toEqual(before);
  });

  it('whose next job somebody deleted get it back', async () => {
    const [often, nightly] = await threeSchedules();
    await derive();
    await removeNext(often);
    await removeNext(nightly);
    const standing = await handle.schedules.standing();
    expect([standing.get(often), standing.get(nightly)]).toEqual([undefined, undefined]);
    await derive();
    await expectInStep();
  });

  it('of which half a job is left, so that BullMQ makes no other, do not keep a slot from being dispatched', async () => {
    const [often] = await threeSchedules();
    await derive();
    await handle.redis.zrem(key('delayed'), `repeat:${often}:${(await wanted()).get(often)}`);
    await derive();
    expect((await handle.schedules.standing()).get(often)).toBeUndefined();
    await setDue(bed, often, 60);
    await keepSchedules(context());
    const runs = await bed.db.selectFrom('sync_schedule_runs').select('outcome').execute();
    expect(runs).toEqual([{ outcome: 'started' }]);
  });

  it('are all rebuilt after a FLUSHALL', async () => {
    await threeSchedules();
    await derive();
    await emptyRedis();
    expect(await handle.schedules.standing()).toEqual(new Map());
    await derive();
    await expectInStep();
  });

  it('are one each, none missing, when twenty processes start at once, a hundred times', async () => {
    const processes = Array.from({ length: 20 }, () => openScheduler(bed, prefix));
    const [often] = await threeSchedules();
    for (let round = 0; round < 100; round += 1) {
      // From nothing, from what is there, and from a half.
      if (round % 10 === 0) await emptyRedis();
      if (round % 10 === 5) await removeNext(often);
      if (round % 10 === 9) {
        const seconds = 2_000_000 + round;
        await bed.db.updateTable('sync_schedules').set({ interval_seconds: seconds }).where('id', '=', often).execute();
        await toNextSlot();
      }
      await Promise.all(processes.map((one) => deriveSchedulers(context(one))));
      await expectInStep();
    }
    await Promise.all(processes.map((one) => one.close()));
  });
});

describe('a change of one schedule', () => {
  it('is in Redis at once, for every process', async () => {
    const [often] = await threeSchedules();
    await derive();
    const other = openScheduler(bed, prefix);
    await bed.db.updateTable('sync_schedules').set({ interval_seconds: 1_234_567 }).where('id', '=', often).execute();
    await toNextSlot();
    const row = (await activeSchedules(bed.db)).find(({ id }) => id === often);
    if (row === undefined) throw new Error('the row is gone');
    await deriveScheduler(context(), row);
    expect((await other.schedules.standing()).get(often)).toBe(row.nextDueAt.getTime());
    await deriveScheduler(context(), { id: often });
    expect((await other.schedules.standing()).has(often)).toBe(false);
    await other.close();
  });
});

describe('a round', () => {
  it('dispatches what is overdue although nobody fired it, and has its next slot in Redis', async () => {
    const id = await schedule(bed, shop.connection);
    await setDue(bed, id, 60);
    await keepSchedules(context());
    const runs = await bed.db
      .selectFrom('sync_schedule_runs')
      .select('outcome')
      .where('schedule_id', '=', id)
      .execute();
    expect(runs).toEqual([{ outcome: 'started' }]);
    await expectInStep();
  });

  it('leaves what is due this very moment to the queue', async () => {
    const id = await schedule(bed, shop.connection);
    await setDue(bed, id, 0);
    await keepSchedules(context());
    expect(await bed.db.selectFrom('sync_schedule_runs').selectAll().execute()).toEqual([]);
  });

  it('does nothing where the scheduler is switched off', async () => {
    const id = await schedule(bed, shop.connection);
    await setDue(bed, id, 60);
    await keepSchedules(shop.ctx);
    expect(await bed.db.selectFrom('sync_schedule_runs').selectAll().execute()).toEqual([]);
    expect(await handle.redis.exists(key('repeat'))).toBe(0);
  });

  it("is not ended by one connection's trouble", async () => {
    const other = await openShop(bed);
    const [stuck, good] = [await schedule(bed, other.connection), await schedule(bed, shop.connection)];
    await setDue(bed, stuck, 120);
    await setDue(bed, good, 60);
    const timeouts = { statementMs: 500, idleInTransactionMs: 5_000, silenceMs: 10_000 };
    const open = { databaseUrl: bed.databaseUrl, applicationName: 'impatient', poolSize: 1, onError: () => undefined };
    const db = openDatabase({ ...open, timeouts });
    await bed.db.transaction().execute(async (trx) => {
      await trx.selectFrom('sync_schedules').select('id').where('id', '=', stuck).forUpdate().execute();
      await keepSchedules({ ...context(), db });
    });
    await db.destroy();
    const runs = await bed.db.selectFrom('sync_schedule_runs').select('schedule_id').execute();
    expect(runs).toEqual([{ schedule_id: good }]);
    await other.close();
  });
});
