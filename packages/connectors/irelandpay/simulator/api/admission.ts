import { Refusal, type ReplyHeaders } from '../../../simulation/http/reply.js';
import { SlidingQuota } from '../../../simulation/sliding-quota.js';
import type { VendorClock } from '../../../simulation/vendor-clock.js';
import type { Quirks } from '../quirks.js';
import { unauthenticated } from './refusals.js';

/** Who gets in: who has the key, and has not asked too often. */
export class Admission {
  readonly #apiKey: string;
  readonly #quirks: Quirks;
  readonly #window: SlidingQuota;
  #revoked = false;

  constructor(apiKey: string, quirks: Quirks, clock: VendorClock) {
    this.#apiKey = apiKey;
    this.#quirks = quirks;
    this.#window = new SlidingQuota(clock);
  }

  /** How many requests were above the quota. */
  get refused(): number {
    return this.#window.refused;
  }

  /** Refuses the key from now on, or takes it again. */
  revoke(revoked: boolean): void {
    this.#revoked = revoked;
  }

  /** Counts a request; gives the headers that every answer has. Throws the refusal of one that is too many. */
  count(): ReplyHeaders {
    const { quota } = this.#quirks;
    if (quota === null) return {};
    const limit = { 'x-ratelimit-limit': String(quota.requests) };
    const taken = this.#window.take(quota);
    if ('left' in taken) return { ...limit, 'x-ratelimit-remaining': String(taken.left) };
    const { now, opensAt } = taken;
    const retryAfter = String(Math.max(1, Math.ceil((opensAt - now) / 1_000)));
    const headers = { ...limit, 'x-ratelimit-remaining': '0', 'retry-after': retryAfter };
    const refusal = new Refusal(429, { message: 'Too Many Attempts.' }, headers);
    if (!this.#quirks.plain429) throw refusal;
    refusal.reply.body = Buffer.from('Too Many Attempts.');
    refusal.reply.headers = { ...refusal.reply.headers, 'content-type': 'text/plain' };
    throw refusal;
  }

  /** Throws the refusal of a key that is wrong. */
  admit(key: string | undefined): void {
    if (this.#revoked || key !== this.#apiKey) throw unauthenticated();
  }
}
