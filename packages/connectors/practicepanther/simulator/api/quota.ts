import { Refusal } from '../../../simulation/http/reply.js';
import { SlidingQuota } from '../../../simulation/sliding-quota.js';
import type { VendorClock } from '../../../simulation/vendor-clock.js';
import type { Quirks, Quota } from '../quirks.js';

/** Refuses requests above the quota, in a window that slides with the vendor's clock. */
export class QuotaGate {
  readonly #quirks: Quirks;
  readonly #window: SlidingQuota;

  constructor(quirks: Quirks, clock: VendorClock) {
    this.#quirks = quirks;
    this.#window = new SlidingQuota(clock);
  }

  /** How many requests were refused. */
  get refused(): number {
    return this.#window.refused;
  }

  /** Lets a request in or throws the vendor's 429. */
  admit(): void {
    const { quota } = this.#quirks;
    if (!quota) return;
    const taken = this.#window.take(quota);
    if ('left' in taken) return;
    const { now, opensAt } = taken;
    throw new Refusal(429, { Message: 'API calls quota exceeded.' }, retryAfter(quota, opensAt, now));
  }
}

function retryAfter(quota: Quota, opensAt: number, now: number): Record<string, string> {
  switch (quota.retryAfter) {
    case 'missing':
      return {};
    case 'seconds':
      return { 'retry-after': String(Math.max(1, Math.ceil((opensAt - now) / 1000))) };
    case 'date':
      // A date has no fraction: rounded up, or a client on time would come too early.
      return { 'retry-after': new Date(Math.ceil(opensAt / 1000) * 1000).toUTCString() };
    case 'zero':
      return { 'retry-after': '0' };
    case 'negative':
      return { 'retry-after': '-30' };
    case 'garbage':
      return { 'retry-after': 'abc' };
    case 'huge':
      return { 'retry-after': '1000000000' };
  }
}
