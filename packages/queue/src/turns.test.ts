import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { Script } from './script.js';
import { claimPlace, inTurn, keysOf } from './turns.js';

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string;
  }
}

/** What a job tells of itself, in ms. */
interface Told {
  readonly untold?: number;
  readonly age?: number;
  readonly contended?: number;
}

/** As turns.lua has it. */
const halfLifeMs = 20_000;

const redis = new Redis(inject('redisUrl'), { maxRetriesPerRequest: null });
const script = new Script('turns');
const prefix = `{test-${randomUUID()}}`;
const queue = new Queue('orders', { connection: redis, prefix });
const key = (name: string) => `${prefix}:orders:${name}`;
beforeEach(async () => {
  for await (const keys of redis.scanStream({ match: `${prefix}*` })) if (keys.length > 0) await redis.unlink(keys);
});
afterAll(async () => {
  await queue.obliterate({ force: true });
  await redis.unlink(keysOf(prefix, 'orders').slice(6));
  await queue.close();
  redis.disconnect();
});

/** `a1` is a job of tenant `a`. */
const tenantOf = (job: string) => job.charAt(0);

async function wait(...jobs: string[]): Promise<void> {
  for (const jobId of jobs) {
    await queue.add('orders', { organizationId: tenantOf(jobId) }, { jobId, priority: inTurn });
  }
}

function say(action: 'begin' | 'ask' | 'finish', job: string, told: Told = {}): Promise<unknown> {
  const { untold = 0, age = untold, contended = 0 } = told;
  return script.run(redis, keysOf(prefix, 'orders'), [action, key(''), job, tenantOf(job), untold, age, contended]);
}

/** Has jobs taken from the queue and begun one after the other, as by idle workers. */
async function run(...jobs: string[]): Promise<void> {
  for (const job of jobs) {
    await wait(job);
    await redis.zrem(key('prioritized'), job);
    expect(await say('begin', job)).toBe(1);
  }
}

/** Those that were called to the front, in order. */
const called = () => redis.zrangebyscore(key('prioritized'), 0, `(${2 ** 32}`);
/** As if so many half-lives of the accounts had passed. */
const letPass = (halfLives: number, tenant: string) => redis.zincrby(key('turns:accounts'), -halfLives, tenant);

describe('a turn', () => {
  it('ends after a second for a tenant that has no more', async () => {
    await run('a1');
    await wait('b1');
    expect(await say('ask', 'a1', { age: 999 })).toBe(1);
    expect(await called()).toEqual([]);
    expect(await say('ask', 'a1', { age: 1_000 })).toBe(2);
    expect(await called()).toEqual(['b1']);
  });

  it('ends at once for a tenant that has clearly less', async () => {
    await run('a1', 'a2');
    await wait('b1');
    expect(await say('ask', 'a1', { age: 100 })).toBe(2);
    expect(await called()).toEqual(['b1']);
  });

  it('does not end for a tenant that has clearly more', async () => {
    await run('b1', 'b2', 'a1');
    await wait('b3');
    expect(await say('ask', 'a1', { age: 60_000 })).toBe(1);
    expect(await called()).toEqual([]);
  });

  it('ends after ten seconds for a job of the same tenant', async () => {
    await run('a1');
    await wait('a2');
    expect(await say('ask', 'a1', { age: 9_999 })).toBe(0);
    expect(await say('ask', 'a1', { age: 10_000 })).toBe(2);
    expect(await called()).toEqual(['a2']);
  });

  it('does not end when nobody waits', async () => {
    await run('a1');
    expect(await say('ask', 'a1', { age: 600_000 })).toBe(0);
  });

  it('ends for one of several tenants, whatever it has in line itself', async () => {
    await run('a1', 'a2');
    await wait('a3', 'a4', 'c1', 'b1');
    expect(await say('ask', 'a1', { age: 100 })).toBe(2);
    expect(await called()).toEqual(['b1']);
  });
});

describe('a place', () => {
  it('is given away once for a job that waits, however many ask', async () => {
    await run('a1', 'a2', 'a3', 'a4', 'a5');
    await wait('b1');
    const answers = await Promise.all(['a1', 'a2', 'a3', 'a4', 'a5'].map((job) => say('ask', job, { age: 5_000 })));
    expect(answers).toEqual([2, 0, 0, 0, 0]);
  });

  it('is given away as long as it makes the shares more even', async () => {
    await run('a1', 'a2', 'a3', 'a4', 'a5', 'a6');
    await wait('b1', 'b2', 'b3', 'b4', 'b5', 'b6');
    const answers: unknown[] = [];
    for (const job of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']) answers.push(await say('ask', job, { age: 100 }));
    expect(answers).toEqual([2, 2, 2, 1, 1, 1]);
  });

  it('goes to the tenant with the fewest when its job ends', async () => {
    await run('a1', 'a2', 'b1');
    await wait('a3', 'b2');
    await say('finish', 'a1');
    await say('finish', 'a2');
    await say('finish', 'b1');
    // After the first end each has one; then a has none.
    expect(await called()).toHaveLength(2);
    expect((await called()).toSorted()).toEqual(['a3', 'b2']);
  });

  it('is not called for twice: whoever gave its place away calls nobody at its end', async () => {
    await run('a1');
    await wait('b1', 'b2');
    expect(await say('ask', 'a1', { age: 1_000 })).toBe(2);
    await say('finish', 'a1', { age: 1_100 });
    expect(await called()).toEqual(['b1']);
  });

  it('that was called for is not paid for twice', async () => {
    await run('a1');
    await wait('b1', 'c1');
    await say('finish', 'a1');
    expect(await called()).toEqual(['b1']);
    const paid = await redis.zscore(key('turns:accounts'), 'b');
    await redis.zrem(key('prioritized'), 'b1');
    expect(await say('begin', 'b1')).toBe(1);
    expect(await redis.zscore(key('turns:accounts'), 'b')).toBe(paid);
  });
});

describe('an account', () => {
  it('keeps the time that others wanted, and no other', async () => {
    await run('a1', 'b1', 'c1', 'x1', 'y1', 'z1');
    await say('finish', 'a1', { age: 9_000, contended: 9_000 });
    await say('finish', 'b1', { age: 60_000, contended: 0 });
    await say('finish', 'c1', { age: 4_000, contended: 4_000 });
    await wait('a2', 'c2', 'b2');
    for (const job of ['x1', 'y1', 'z1']) await say('finish', job);
    expect(await called()).toEqual(['b2', 'c2', 'a2']);
  });

  it('forgets with time', async () => {
    await run('a1', 'b1', 'x1', 'y1');
    await say('finish', 'a1', { age: 9_000, contended: 9_000 });
    await letPass(4, 'a');
    await say('finish', 'b1', { age: 2_000, contended: 2_000 });
    await wait('b2', 'a2');
    for (const job of ['x1', 'y1']) await say('finish', job);
    expect(await called()).toEqual(['a2', 'b2']);
  });

  it('does not forget a slot that is still held, however long its pages take', async () => {
    await run('a1', 'a2');
    await letPass(3, 'a');
    expect(await say('ask', 'a2', { untold: 60_000 })).toBe(0);
    await wait('b1');
    expect(await say('ask', 'a1', { untold: 60_000 })).toBe(2);
  });

  it('that was lost is opened again by those who run', async () => {
    await run('a1', 'a2');
    await redis.unlink(keysOf(prefix, 'orders').slice(6));
    await say('ask', 'a1', { age: 100 });
    await say('ask', 'a2', { age: 100 });
    await wait('b1');
    expect(await say('ask', 'a1', { age: 200 })).toBe(2);
  });
});

describe('a job that is not the one whose turn it is', () => {
  it('gives way, and the one that was called does not', async () => {
    await run('a1');
    await wait('a2', 'b1');
    await redis.zrem(key('prioritized'), 'a2');
    expect(await say('begin', 'a2')).toBe(0);
    expect(await called()).toEqual(['b1']);
    await redis.zrem(key('prioritized'), 'b1');
    // Even if somebody with less has come meanwhile: otherwise two could give way to each other for ever.
    await wait('c1');
    expect(await say('begin', 'b1')).toBe(1);
  });

  it('is not mistaken for that of another tenant, whatever the hints say', async () => {
    await run('a1', 'x1');
    await wait('a2');
    expect(await say('ask', 'x1')).toBe(1);
    const number = (await redis.hget(key('turns:numbers'), 'a')) ?? '';
    await redis.hset(key('turns:numbers'), { b: number, a: '17' });
    await redis.zadd(key('turns:line'), 0, 'b');
    await say('finish', 'x1');
    expect(await called()).toEqual(['a2']);
    expect(await redis.zrange(key('turns:line'), '0', '-1')).not.toContain('b');
  });
});

describe('a running job', () => {
  let clock = 0;
  let passedAt = 0;
  beforeEach(() => {
    passedAt = Date.now();
    vi.spyOn(performance, 'now').mockImplementation(() => clock);
  });
  afterEach(() => vi.restoreAllMocks());

  const place = () => {
    const onError = (error: Error) => {
      throw error;
    };
    return claimPlace({
      connection: redis,
      prefix,
      queue: 'orders',
      jobId: 'a1',
      data: { organizationId: 'a' },
      onError,
    });
  };
  /** Lets time pass for the job and in the accounts; what has passed there by itself is a part of it. */
  const pass = async (ms: number) => {
    clock += ms;
    await letPass((ms - (Date.now() - passedAt)) / halfLifeMs, 'a');
    passedAt = Date.now();
  };
  /** What stands in the account, ms. */
  const amount = async () => {
    const [score, [seconds, microseconds]] = await Promise.all([
      redis.zscore(key('turns:accounts'), 'a'),
      redis.time() as Promise<unknown> as Promise<[number, number]>,
    ]);
    return score === null
      ? 0
      : 2 ** (Number(score) - (Number(seconds) * 1_000 + Number(microseconds) / 1_000) / halfLifeMs);
  };

  it('has nothing counted for a time in which nobody else waited', async () => {
    const { begin, othersWait, finish } = place();
    expect(await begin()).toBe(true);
    await pass(5_000);
    expect(await othersWait()).toBe(false);
    await pass(5_000);
    await finish();
    expect(await amount()).toBeLessThan(100);
  });

  it('has the time counted for which others waited, until it is told that its turn is over', async () => {
    const { begin, othersWait, finish } = place();
    await begin();
    await wait('b1');
    await pass(600);
    expect(await othersWait()).toBe(false);
    await pass(300);
    expect(await othersWait()).toBe(false);
    await pass(200);
    expect(await othersWait()).toBe(true);
    expect(await called()).toEqual(['b1']);
    await wait('c1');
    await pass(200);
    // It is told once, and nobody else is called by asking again.
    expect(await othersWait()).toBe(true);
    await finish();
    expect(await called()).toEqual(['b1']);
    expect(await amount()).toBeGreaterThan(500);
    expect(await amount()).toBeLessThan(800);
  });

  it('asks ten times a second at most', async () => {
    const { begin, othersWait } = place();
    await begin();
    await wait('b1');
    await pass(2_000);
    expect(await othersWait()).toBe(true);
    const other = place();
    await other.begin();
    await pass(99);
    await wait('c1');
    expect(await other.othersWait()).toBe(false);
    expect(await called()).toEqual(['b1']);
  });

  it('goes on when Redis cannot say whose turn it is', async () => {
    const broken = new Redis(inject('redisUrl'), { lazyConnect: true, enableOfflineQueue: false });
    const errors: Error[] = [];
    const onError = (error: Error) => void errors.push(error);
    const place = claimPlace({ connection: broken, prefix, queue: 'orders', jobId: 'a1', data: null, onError });
    expect(await place.begin()).toBe(true);
    expect(await place.othersWait()).toBe(false);
    await place.finish();
    expect(errors.length).toBeGreaterThan(0);
    broken.disconnect();
  });
});
