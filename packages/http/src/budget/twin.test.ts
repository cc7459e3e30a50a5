import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { BudgetModel, type ModelWindow } from '../../testing/budget-model.js';
import { most } from '../../testing/most.js';
import { freshPrefix, openRedis } from '../../testing/redis.js';
import { SetClock } from '../../testing/set-clock.js';
import { Script } from '../redis/script.js';
import { budgetKeys, withholdKeys } from './budget.js';

const prefix = freshPrefix();
const clock = new SetClock(prefix);
const scripts = {
  acquire: new Script('acquire', clock.lua),
  settle: new Script('settle', clock.lua),
  pause: new Script('pause', clock.lua),
  withhold: new Script('withhold', clock.lua),
};
const window = fc.record({ requests: fc.integer({ min: 1, max: 4 }), spanMs: fc.integer({ min: 1, max: 5_000 }) });
/**
 * What happens, and how much later than the last, in microseconds; `back`: when the one who was refused last is due.
 * Of the earlier permits `nth` is the n-th last.
 */
const step = fc.tuple(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 6, arbitrary: fc.constant('back' as const) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 20_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 3_000_000 }) },
  ),
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        do: fc.constant('ask' as const),
        priority: fc.integer({ min: 0, max: 3 }),
        holdMs: fc.integer({ min: 1, max: 4_000 }),
        countedWhenAnswered: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('settle' as const), nth: fc.nat(6) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), nth: fc.nat(6) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const), ms: fc.integer({ min: 1, max: 500 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('withhold' as const),
        left: fc.nat(6),
        ours: fc.nat(6),
        sinceMs: fc.nat(2_000),
      }),
    },
  ),
);

interface Granted {
  readonly id: string;
  readonly at: number;
  answeredBy: number;
  readonly countedWhenAnswered: boolean;
  sent: boolean;
}

/** Plays a trace on Redis and on the model, and compares every answer. Redis gets it in one go: that is much faster. */
async function play(
  redis: Redis,
  windows: readonly ModelWindow[],
  steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
): Promise<{ granted: Granted[]; contention: BudgetModel['contention'] }> {
  const key = randomUUID();
  const keys = budgetKeys(prefix, key);
  const withheld = withholdKeys(prefix, key);
  const permits = keys.slice(0, 1);
  const pairs = windows.flatMap(({ requests, spanMs }) => [requests, spanMs]);
  const [first = { requests: 1, spanMs: 1 }] = windows;
  const model = new BudgetModel(windows);
  const granted: Granted[] = [];
  const answers: Promise<unknown>[] = [];
  const expected: unknown[] = [];
  let now = SetClock.epoch;
  let due = now;
  for (const [index, [later, action]] of steps.entries()) {
    now = later === 'back' ? Math.max(now, due) : now + later;
    void clock.set(redis, now);
    const id = String(index).padStart(4, '0');
    const meant = 'nth' in action ? granted.at(-1 - action.nth) : undefined;
    if (action.do === 'ask') {
      const { priority, holdMs, countedWhenAnswered } = action;
      answers.push(scripts.acquire.run(redis, keys, [id, holdMs, priority, ...pairs]));
      const answer = model.acquire(now, id, holdMs, priority);
      expected.push(answer);
      const [waitMs = 0] = answer;
      due = now + waitMs * 1_000;
      if (waitMs !== 0) continue;
      granted.push({ id, at: now, answeredBy: now + holdMs * 1_000, countedWhenAnswered, sent: true });
    } else if (action.do === 'pause') {
      answers.push(scripts.pause.run(redis, keys.slice(1, 2), [action.ms]));
      expected.push(model.pause(now, action.ms));
    } else if (action.do === 'withhold') {
      const args = [`foreign:${id}`, first.requests, first.spanMs, action.left, action.ours, action.sinceMs];
      answers.push(scripts.withhold.run(redis, withheld, args));
      expected.push(model.withhold(now, first, action.left, action.ours, action.sinceMs));
    } else if (meant && action.do === 'settle') {
      answers.push(scripts.settle.run(redis, permits, [meant.id]));
      expected.push(model.settle(now, meant.id));
      meant.answeredBy = Math.min(meant.answeredBy, now);
    } else if (meant && meant.answeredBy > now) {
      // Only what is not answered yet can turn out never to have been sent.
      void redis.zrem(permits[0] ?? '', meant.id);
      model.release(meant.id);
      meant.sent = false;
    }
  }
  void redis.unlink(...keys, ...withheld);
  expect(await Promise.all(answers)).toEqual(expected);
  return { granted, contention: model.contention };
}

describe('the scripts of a budget', () => {
  it('answer as a model in plain memory does, and stay within every window as the vendor counts', async () => {
    const redis = openRedis();
    // Each script once before: sent to a Redis that does not know them yet, they would change their order.
    await clock.set(redis, SetClock.epoch);
    for (const script of Object.values(scripts)) {
      await script.run(redis, budgetKeys(prefix, randomUUID()), [1, 1, 0, 1, 1, 1, 1]);
    }
    const met = { full: 0, missed: 0, taken: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(window, { minLength: 1, maxLength: 2 }),
        fc.array(step, { maxLength: 80, size: 'max' }),
        async (windows, steps) => {
          const { granted, contention } = await play(redis, windows, steps);
          met.missed += contention.missed;
          met.taken += contention.taken;
          // A vendor counts a request at some moment between its permit and its answer.
          const counted = granted
            .filter(({ sent }) => sent)
            .map(({ at, answeredBy, countedWhenAnswered }) => (countedWhenAnswered ? answeredBy : at))
            .sort((a, b) => a - b);
          for (const { requests, spanMs } of windows) {
            const busiest = most(counted, spanMs * 1_000);
            expect(busiest).toBeLessThanOrEqual(requests);
            if (busiest === requests) met.full += 1;
          }
        },
      ),
      { numRuns: 300 },
    );
    // The traces were worth it: windows were full, and their permits were what several wanted.
    expect(met.full).toBeGreaterThan(100);
    expect(met.missed).toBeGreaterThan(100);
    expect(met.taken).toBeGreaterThan(100);
  });
});
