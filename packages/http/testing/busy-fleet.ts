import { randomUUID } from 'node:crypto';
import { type BudgetWindow, type Priority, priorities } from '@syncline/connector-kit';
import type { Redis } from 'ioredis';
import { budgetKeys } from '../src/budget/budget.js';
import { Script } from '../src/redis/script.js';
import { SetClock } from './set-clock.js';

export interface CallersOf {
  readonly priority: Priority;
  readonly count: number;
  /** Between an answer and the next request; none: they always want to send. */
  readonly thinkMs?: number;
  /** They ask once, and if they are refused nothing is heard of them any more. */
  readonly vanish?: boolean;
  /** When they first ask. */
  readonly fromMs?: number;
}

export interface Sent {
  readonly priority: Priority;
  /** When it was wanted, and when it went out, in ms from the start. */
  readonly wantedMs: number;
  readonly sentMs: number;
}

/** Who is told to wait for longer than this gives its place back, as jobs do, and is late when it returns. */
const inlineMs = 1_000;

/**
 * Lets callers use up a budget for `lengthMs`, by the scripts themselves but in made-up time: hours pass in seconds.
 * A vendor answers within 20 to 200 ms; timers are up to 3 ms late, jobs that come back up to `lateMs`.
 */
export async function runBusyFleet(
  redis: Redis,
  windows: readonly BudgetWindow[],
  callers: readonly CallersOf[],
  { lengthMs, lateMs = 300, seed = 1 }: { lengthMs: number; lateMs?: number; seed?: number },
): Promise<Sent[]> {
  const prefix = `{test-${randomUUID()}}`;
  const clock = new SetClock(prefix);
  const acquire = new Script('acquire', clock.lua);
  const settle = new Script('settle', clock.lua);
  const keys = budgetKeys(prefix, 'k');
  const pairs = windows.flatMap(({ requests, seconds }) => [requests, seconds * 1_000]);
  const random = randomFrom(seed);
  const sent: Sent[] = [];
  const agenda: { at: number; act: () => Promise<void> }[] = [];
  const plan = (at: number, act: () => Promise<void>): void => {
    const later = agenda.findIndex((entry) => entry.at > at);
    agenda.splice(later === -1 ? agenda.length : later, 0, { at, act });
  };
  let now = 0;
  let serial = 0;

  const ask = (caller: CallersOf, wantedMs: number) => async (): Promise<void> => {
    serial += 1;
    const id = String(serial);
    const priority = priorities.indexOf(caller.priority);
    const [waitMs = 0] = (await acquire.run(redis, keys, [id, 10_000, priority, ...pairs])) as number[];
    if (waitMs > 0) {
      if (caller.vanish) return;
      plan(now + waitMs + random() * (waitMs > inlineMs ? lateMs : 3), ask(caller, wantedMs));
      return;
    }
    sent.push({ priority: caller.priority, wantedMs, sentMs: now });
    plan(now + 20 + random() * 180, async () => {
      await settle.run(redis, keys.slice(0, 1), [id]);
      const next = now + (caller.thinkMs ?? 0);
      plan(next, ask(caller, next));
    });
  };
  for (const caller of callers) {
    for (let i = 0; i < caller.count; i += 1) plan((caller.fromMs ?? 0) + random(), ask(caller, caller.fromMs ?? 0));
  }
  for (let entry = agenda.shift(); entry && entry.at < lengthMs; entry = agenda.shift()) {
    now = entry.at;
    void clock.set(redis, SetClock.epoch + now * 1_000);
    await entry.act();
  }
  await redis.unlink(...keys);
  return sent;
}

/** Numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
