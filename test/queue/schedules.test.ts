import { randomUUID } from 'node:crypto';
import {
  type Consumer,
  consumeSchedules,
  type NextRun,
  openRedis,
  openSchedules,
  scheduleQueue,
} from '@syncline/queue';
import { createTestBed, eventually, type TestBed } from '@syncline/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

let bed: TestBed;
const closing: (() => Promise<unknown> | undefined)[] = [];
beforeAll(async () => {
  bed = await createTestBed();
});
afterAll(() => bed.close());
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function connect() {
  const redis = openRedis({ redisUrl: bed.redisUrl, failFast: false, onError: () => undefined });
  closing.push(async () => redis.disconnect());
  return redis;
}

/** `each 100 ms`: on whole tenths of a second. Everything else: never. */
const tenths: NextRun = ({ pattern }, after) =>
  pattern === 'each 100 ms' ? (Math.floor(after / 100) + 1) * 100 : undefined;

function open(prefix: string, next: NextRun = tenths) {
  const schedules = openSchedules(connect(), prefix, next, () => undefined);
  closing.push(() => schedules.close());
  return schedules;
}

function consume(prefix: string, handle: (id: string) => Promise<void>, next: NextRun = tenths): Consumer {
  const consumer = consumeSchedules({
    ...{ connection: connect(), prefix, next, handle, concurrency: 2, onError: () => undefined },
  });
  closing.push(() => consumer.stop());
  return consumer;
}

describe('a job scheduler', () => {
  it('has its schedule handed to one of several consumers at each of its times, by our own reckoning', async () => {
    const prefix = `${bed.prefix}${randomUUID()}`;
    const id = randomUUID();
    const handed: string[] = [];
    const slots: number[] = [];
    const watching: NextRun = (repeat, after) => {
      const next = tenths(repeat, after);
      if (next !== undefined) slots.push(next);
      return next;
    };
    for (let i = 0; i < 3; i += 1) consume(prefix, async (one) => void handed.push(one), watching);
    await open(prefix).put(id, { pattern: 'each 100 ms', timeZone: 'UTC' });
    await eventually('five times', () => handed.length >= 5);
    expect(new Set(handed)).toEqual(new Set([id]));
    // Each time a next one is made, and never the same twice.
    expect(new Set(slots).size).toBe(slots.length);
    expect(handed.length - slots.length).toBeLessThanOrEqual(1);
  });

  it('goes on after a handler that failed, and leaves nothing behind', async () => {
    const prefix = `${bed.prefix}${randomUUID()}`;
    const id = randomUUID();
    const redis = connect();
    let calls = 0;
    consume(prefix, async () => {
      calls += 1;
      throw new Error('as tests do');
    });
    const schedules = open(prefix);
    await schedules.put(id, { pattern: 'each 100 ms', timeZone: 'UTC' });
    await eventually('three calls', () => calls >= 3);
    await schedules.remove(id);
    await eventually('nothing to be left', async () => {
      const names = ['repeat', 'delayed', 'wait', 'active', 'failed', 'completed'];
      const left = await Promise.all(names.map((name) => redis.exists(`${prefix}:${scheduleQueue}:${name}`)));
      return left.every((count) => count === 0);
    });
    expect(await schedules.standing()).toEqual(new Map());
  });

  it('is due when we say, and says so', async () => {
    const prefix = `${bed.prefix}${randomUUID()}`;
    const at = Date.now() + 3_600_000;
    const schedules = open(prefix, () => at);
    const [one, two] = [randomUUID(), randomUUID()];
    await schedules.put(one, { pattern: 'whenever', timeZone: 'America/New_York' });
    await schedules.put(two, { pattern: 'whenever', timeZone: 'UTC' });
    await schedules.put(one, { pattern: 'something else', timeZone: 'UTC' });
    expect(await schedules.standing()).toEqual(
      new Map([
        [one, at],
        [two, at],
      ]),
    );
    await schedules.remove(one);
    await schedules.remove(one);
    expect(await schedules.standing()).toEqual(new Map([[two, at]]));
  });

  it('whose slot is being worked on can be put again', async () => {
    const prefix = `${bed.prefix}${randomUUID()}`;
    const id = randomUUID();
    const slot = Date.now() + 100;
    // The first time there is, and from then on always the same: what a put meets while that job is running.
    const schedules = open(prefix, () => slot);
    let finish: () => void = () => undefined;
    let running = false;
    const done = new Promise<void>((resolve) => {
      finish = resolve;
    });
    consume(
      prefix,
      async () => {
        running = true;
        await done;
      },
      () => slot,
    );
    await schedules.put(id, { pattern: 'once', timeZone: 'UTC' });
    await eventually('the job to run', () => running);
    await schedules.put(id, { pattern: 'once', timeZone: 'UTC' });
    finish();
  });
});
