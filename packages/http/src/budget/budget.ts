import { randomUUID } from 'node:crypto';
import { type BudgetWindow, type Priority, priorities } from '@syncline/connector-kit';
import type { Cluster, Redis } from 'ioredis';
import { Script } from '../redis/script.js';
import { withinPatience } from '../redis/within-patience.js';
import type { Shortfall } from './shortfall.js';

const acquire = new Script('acquire');
const settle = new Script('settle');
const pause = new Script('pause');
const use = new Script('use');
const withhold = new Script('withhold');

/** The right to send one request. To be settled when the answer is there, or when none will come. */
export interface Permit {
  readonly key: string;
  readonly id: string;
  /** How many more there were in each window when it was granted. */
  readonly left: readonly number[];
}

/** No permit: asking again before `waitMs` have passed is useless. */
export interface Refusal {
  readonly waitMs: number;
  readonly paused: boolean;
}

export interface Question {
  readonly key: string;
  readonly windows: readonly BudgetWindow[];
  readonly priority: Priority;
  /**
   * By when the answer is there, counted from now, or never comes: a permit that is not settled by then counts as
   * answered then.
   */
  readonly holdMs: number;
}

export interface BudgetUse {
  readonly used: number;
  readonly limit: number;
  readonly seconds: number;
  /** When a permit may be free, if none is now. */
  readonly nextFreeAt?: Date;
  /** Until when the vendor asked to be left alone (429), if it did. */
  readonly pausedUntil?: Date;
}

/**
 * The vendor's quota of each credential, kept in Redis for the whole fleet. Every method that answers throws SyncError
 * BUDGET_UNAVAILABLE if Redis fails or takes longer than 2 s.
 */
export class Budget {
  readonly #redis: Redis | Cluster;
  readonly #prefix: string;
  readonly #holder: string;
  readonly #unsent = new Set<Promise<unknown>>();
  #serial = 0;

  constructor(redis: Redis | Cluster, prefix: string, bootId: string) {
    this.#redis = redis;
    this.#prefix = prefix;
    // A process may have several roads; two permits of one id would count as one.
    this.#holder = `${bootId}:${randomUUID()}`;
  }

  /** Asks once for a permit that holds in all windows. Who is refused is expected back when the wait is over. */
  async acquire({ key, windows, priority, holdMs }: Question, signal?: AbortSignal): Promise<Permit | Refusal> {
    const id = this.#nextId();
    const args = [id, Math.ceil(holdMs), priorities.indexOf(priority), ...pairs(windows)];
    const answer = acquire.run(this.#redis, budgetKeys(this.#prefix, key), args);
    // Nobody will use a permit that comes too late. Kept, it would cost a place for the whole deadline: a Redis that
    // comes back would find the budget eaten up by the questions that had queued before it.
    const takeBack = (): void => this.release({ key, id });
    const [waitMs, paused, ...left] = (await withinPatience(answer, signal, takeBack)) as [number, number, ...number[]];
    return waitMs === 0 ? { key, id, left } : { waitMs, paused: paused === 1 };
  }

  /** The vendor has answered. Not awaited: it can only make the permit end later, never too early. */
  settle({ key, id }: Pick<Permit, 'key' | 'id'>): void {
    this.#send(settle.run(this.#redis, [this.#permits(key)], [id]));
  }

  /** Nothing was sent: the permit is free again at once. */
  release({ key, id }: Pick<Permit, 'key' | 'id'>): void {
    this.#send(this.#redis.zrem(this.#permits(key), id));
  }

  /** The vendor has less left than we have. Not awaited: what this process asks for next comes after it anyhow. */
  withhold(key: string, { window, left, ours, sinceMs }: Shortfall): void {
    const args = [`foreign:${this.#nextId()}`, ...pairs([window]), left, ours, Math.ceil(sinceMs)];
    this.#send(withhold.run(this.#redis, withholdKeys(this.#prefix, key), args));
  }

  /** Nobody gets a permit for `ms`. Answers how long the pause lasts: it may have been longer already. */
  async pause(key: string, ms: number): Promise<number> {
    const answer = pause.run(this.#redis, budgetKeys(this.#prefix, key).slice(1, 2), [Math.ceil(ms)]);
    return (await withinPatience(answer)) as number;
  }

  async use(key: string, windows: readonly BudgetWindow[]): Promise<BudgetUse[]> {
    const answer = use.run(this.#redis, budgetKeys(this.#prefix, key).slice(0, 2), pairs(windows));
    const numbers = (await withinPatience(answer)) as number[];
    const answeredAt = Date.now();
    const inMs = (ms = 0) => (ms > 0 ? new Date(answeredAt + ms) : undefined);
    const pausedUntil = inMs(numbers[2 * windows.length]);
    return windows.map(({ requests, seconds }, i) => {
      const nextFreeAt = inMs(numbers[2 * i + 1]);
      const waits = { ...(nextFreeAt && { nextFreeAt }), ...(pausedUntil && { pausedUntil }) };
      return { used: numbers[2 * i] ?? 0, limit: requests, seconds, ...waits };
    });
  }

  /** Waits for what was not waited for, as long as Redis may take. */
  async drain(): Promise<void> {
    await withinPatience(Promise.all(this.#unsent)).catch(() => {});
  }

  #send(command: Promise<unknown>): void {
    // If it fails, the permit ends by itself.
    const sent = command.catch(() => {}).finally(() => this.#unsent.delete(sent));
    this.#unsent.add(sent);
  }

  #nextId(): string {
    this.#serial += 1;
    return `${this.#holder}:${this.#serial}`;
  }

  #permits(key: string): string {
    return `${this.#prefix}:budget:${key}`;
  }
}

/** The keys of one credential's budget, in the order of acquire.lua. */
export function budgetKeys(prefix: string, key: string): string[] {
  const permits = `${prefix}:budget:${key}`;
  return [permits, `${permits}:pause`, `${permits}:turns`, ...priorities.map((name) => `${permits}:waiting:${name}`)];
}

/** The keys of withhold.lua. */
export function withholdKeys(prefix: string, key: string): string[] {
  const permits = `${prefix}:budget:${key}`;
  return [permits, `${permits}:withheld`];
}

function pairs(windows: readonly BudgetWindow[]): number[] {
  return windows.flatMap(({ requests, seconds }) => [requests, Math.ceil(seconds * 1_000)]);
}
