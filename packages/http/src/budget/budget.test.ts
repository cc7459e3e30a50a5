import type { BudgetWindow } from '@syncline/connector-kit';
import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { freshPrefix, openRedis } from '../../testing/redis.js';
import { Script } from '../redis/script.js';
import { wait } from '../wait.js';
import { Budget, budgetKeys, type Permit, type Refusal } from './budget.js';

const prefix = freshPrefix();
const one = [{ requests: 1, seconds: 0.2 }];
let keys = 0;

function setUp() {
  const redis = openRedis();
  keys += 1;
  return { redis, budget: new Budget(redis, prefix, 'boot'), key: `k${keys}` };
}

function ask(budget: Budget, key: string, windows: readonly BudgetWindow[], holdMs: number) {
  return budget.acquire({ key, windows, priority: 'incremental', holdMs });
}

function permitOf(outcome: Permit | Refusal): Permit {
  if ('id' in outcome) return outcome;
  throw new Error(`Refused for ${outcome.waitMs} ms`);
}

function refusalOf(outcome: Permit | Refusal): Refusal {
  if ('waitMs' in outcome) return outcome;
  throw new Error('Granted');
}

/** Asks again and again, each time after the wait that the answer names. */
async function takeEventually(budget: Budget, key: string, windows = one): Promise<Permit> {
  for (;;) {
    const outcome = await ask(budget, key, windows, 1_000);
    if ('id' in outcome) return outcome;
    await wait(outcome.waitMs);
  }
}

/** Redis' clock in microseconds. */
async function clock(redis: Redis): Promise<number> {
  const [seconds, micros] = (await redis.time()).map(Number);
  return (seconds ?? 0) * 1e6 + (micros ?? 0);
}

describe('a permit', () => {
  it('is held until one window after its answer', async () => {
    const { budget, key } = setUp();
    const first = permitOf(await ask(budget, key, one, 10_000));
    // Longer than the window; but the vendor is still at it.
    for (const takenAt = performance.now(); performance.now() - takenAt < 250; ) {
      expect(refusalOf(await ask(budget, key, one, 1_000))).toEqual({ waitMs: 200, paused: false });
    }

    const answeredAt = performance.now();
    budget.settle(first);
    const { waitMs } = refusalOf(await ask(budget, key, one, 1_000));
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(200);
    await takeEventually(budget, key);
    expect(performance.now() - answeredAt).toBeGreaterThanOrEqual(200);
  });

  it('ends by itself one window after its deadline, if its holder dies', async () => {
    const { budget, key } = setUp();
    const takenAt = performance.now();
    permitOf(await ask(budget, key, one, 150));
    await takeEventually(budget, key);
    expect(performance.now() - takenAt).toBeGreaterThanOrEqual(350);
  });

  it('leaves nothing behind in Redis', async () => {
    const { redis, budget, key } = setUp();
    permitOf(await ask(budget, key, one, 150));
    const ttl = await redis.pttl(`${prefix}:budget:${key}`);
    expect(ttl).toBeGreaterThan(0);
    expect(ttl).toBeLessThanOrEqual(350);
  });

  it('is not prolonged by an answer that is noted late or twice', async () => {
    const { redis, budget, key } = setUp();
    const permits = `${prefix}:budget:${key}`;
    const late = permitOf(await ask(budget, key, [{ requests: 9, seconds: 5 }], 1));
    const early = permitOf(await ask(budget, key, [{ requests: 9, seconds: 5 }], 5_000));
    const before = await redis.zscore(permits, late.id);
    await expect.poll(async () => (await clock(redis)) > Number(before)).toBe(true);
    budget.settle(late);
    budget.settle(early);
    await budget.drain();
    const settled = await redis.zscore(permits, early.id);
    budget.settle(early);
    budget.settle({ key, id: 'unknown' });
    await budget.drain();

    expect(await redis.zscore(permits, late.id)).toBe(before);
    expect(await redis.zscore(permits, early.id)).toBe(settled);
    expect(await redis.zcard(permits)).toBe(2);
  });

  it('has to fit into every window at once', async () => {
    const { budget, key } = setUp();
    const windows = [
      { requests: 2, seconds: 0.1 },
      { requests: 3, seconds: 60 },
    ];
    for (let i = 0; i < 3; i += 1) budget.settle(await takeEventually(budget, key, windows));
    expect(refusalOf(await ask(budget, key, windows, 1_000)).waitMs).toBeGreaterThan(50_000);
    const [short, long] = await budget.use(key, windows);
    expect(short).toMatchObject({ limit: 2, seconds: 0.1 });
    expect(long).toMatchObject({ used: 3, limit: 3, seconds: 60, nextFreeAt: expect.any(Date) });
    expect(long?.pausedUntil).toBeUndefined();
  });

  it('is of one credential only', async () => {
    const { budget, key } = setUp();
    permitOf(await ask(budget, key, one, 1_000));
    permitOf(await ask(budget, `${key}-other`, one, 1_000));
  });
});

it('does not depend on a Redis that remembers the scripts', async () => {
  const { redis, key } = setUp();
  const restarted = Object.create(redis, {
    evalsha: { value: () => Promise.reject(new Error('NOSCRIPT No matching script. Please use EVAL.')) },
  }) as Redis;
  const budget = new Budget(restarted, prefix, 'boot');
  permitOf(await ask(budget, key, one, 1_000));
  expect(refusalOf(await ask(budget, key, one, 1_000)).paused).toBe(false);
});

it('counts a question once that Redis got twice', async () => {
  const { redis, budget, key } = setUp();
  const permit = permitOf(await ask(budget, key, one, 1_000));
  const args = [permit.id, 1_000, 1, 1, 200];
  expect(await new Script('acquire').run(redis, budgetKeys(prefix, key), args)).toEqual([0, 0]);
});

describe('a pause', () => {
  it('holds for everyone, in budgets without a window too, and is never shortened', async () => {
    const { budget, key } = setUp();
    const other = new Budget(openRedis(), prefix, 'other boot');
    expect(await budget.pause(key, 5_000)).toBe(5_000);
    expect(await other.pause(key, 10)).toBeGreaterThan(4_000);

    for (const windows of [one, []]) {
      const refusal = refusalOf(await ask(other, key, windows, 1_000));
      expect(refusal.paused).toBe(true);
      expect(refusal.waitMs).toBeGreaterThan(4_000);
    }
    const [use] = await other.use(key, one);
    expect(use?.used).toBe(0);
    expect(use?.nextFreeAt?.getTime()).toBeGreaterThan(Date.now() + 4_000);
    expect(use?.pausedUntil).toEqual(use?.nextFreeAt);
  });

  it('ends', async () => {
    const { budget, key } = setUp();
    const before = performance.now();
    await budget.pause(key, 50);
    await takeEventually(budget, key);
    expect(performance.now() - before).toBeGreaterThanOrEqual(50);
  });
});
