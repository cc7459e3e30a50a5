import { randomUUID } from 'node:crypto';
import type { BudgetWindow } from '@syncline/connector-kit';
import type { Redis } from 'ioredis';
import { Script } from './script.js';
import { withinPatience } from './within-patience.js';

const acquire = new Script('acquire');
const settle = new Script('settle');
const pause = new Script('pause');
const use = new Script('use');

/** The right to send one request. To be settled when the answer is there, or when none will come. */
export interface Permit {
  readonly key: string;
  readonly id: string;
}

/** No permit: asking again before `waitMs` have passed is useless. */
export interface Refusal {
  readonly waitMs: number;
  readonly paused: boolean;
}

export interface BudgetUse {
  readonly used: number;
  readonly limit: number;
  readonly seconds: number;
  /** When a permit may be free, if none is now. */
  readonly nextFreeAt?: Date;
}

/**
 * The vendor's quota of each credential, kept in Redis for the whole fleet. Every method that answers throws SyncError
 * BUDGET_UNAVAILABLE if Redis fails or takes longer than 2 s.
 */
export class Budget {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #holder: string;
  readonly #unsent = new Set<Promise<unknown>>();
  #serial = 0;

  constructor(redis: Redis, prefix: string, bootId: string) {
    this.#redis = redis;
    this.#prefix = prefix;
    // A process may have several roads; two permits of one id would count as one.
    this.#holder = `${bootId}:${randomUUID()}`;
  }

  /**
   * Asks once for a permit that holds in all `windows`.
   * @param holdMs by when the answer is there, counted from now, or never comes: a permit that is not settled by then
   *   counts as answered then
   */
  async acquire(
    key: string,
    windows: readonly BudgetWindow[],
    holdMs: number,
    signal?: AbortSignal,
  ): Promise<Permit | Refusal> {
    this.#serial += 1;
    const permit = { key, id: `${this.#holder}:${this.#serial}` };
    const answer = acquire.run(this.#redis, this.#keys(key), [permit.id, Math.ceil(holdMs), ...pairs(windows)]);
    // Nobody will use a permit that comes too late. Kept, it would cost a place for the whole deadline: a Redis that
    // comes back would find the budget eaten up by the questions that had queued before it.
    const [waitMs, paused] = (await withinPatience(answer, signal, () => this.#release(permit))) as [number, number];
    return waitMs === 0 ? permit : { waitMs, paused: paused === 1 };
  }

  /** The vendor has answered. Not awaited: it can only make the permit end later, never too early. */
  settle(permit: Permit): void {
    this.#send(settle.run(this.#redis, this.#keys(permit.key).slice(0, 1), [permit.id]));
  }

  /** Nobody gets a permit for `ms`. Answers how long the pause lasts: it may have been longer already. */
  async pause(key: string, ms: number): Promise<number> {
    const answer = pause.run(this.#redis, this.#keys(key).slice(1), [Math.ceil(ms)]);
    return (await withinPatience(answer)) as number;
  }

  async use(key: string, windows: readonly BudgetWindow[]): Promise<BudgetUse[]> {
    const answer = use.run(this.#redis, this.#keys(key), pairs(windows));
    const numbers = (await withinPatience(answer)) as number[];
    return windows.map(({ requests, seconds }, i) => {
      const waitMs = numbers[2 * i + 1] ?? 0;
      const nextFree = waitMs > 0 ? { nextFreeAt: new Date(Date.now() + waitMs) } : {};
      return { used: numbers[2 * i] ?? 0, limit: requests, seconds, ...nextFree };
    });
  }

  /** Waits for what was not waited for, as long as Redis may take. */
  async drain(): Promise<void> {
    await withinPatience(Promise.all(this.#unsent)).catch(() => {});
  }

  #release({ key, id }: Permit): void {
    this.#send(this.#redis.zrem(this.#keys(key)[0], id));
  }

  #send(command: Promise<unknown>): void {
    // If it fails, the permit ends by itself.
    const sent = command.catch(() => {}).finally(() => this.#unsent.delete(sent));
    this.#unsent.add(sent);
  }

  #keys(key: string): [string, string] {
    const permits = `${this.#prefix}:budget:${key}`;
    return [permits, `${permits}:pause`];
  }
}

function pairs(windows: readonly BudgetWindow[]): number[] {
  return windows.flatMap(({ requests, seconds }) => [requests, Math.ceil(seconds * 1_000)]);
}
