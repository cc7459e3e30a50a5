import { Refusal } from '../../../simulation/http/reply.js';
import type { VendorClock } from '../../../simulation/vendor-clock.js';
import type { Quirks, Quota } from '../quirks.js';

/** Refuses requests above the quota, in a window that slides with the vendor's clock. */
export class QuotaGate {
  readonly #quirks: Quirks;
  readonly #clock: VendorClock;
  /** When the requests of the window came. Refused ones do not count, or a client that waits could never get in. */
  #admitted: number[] = [];
  #refused = 0;

  constructor(quirks: Quirks, clock: VendorClock) {
    this.#quirks = quirks;
    this.#clock = clock;
  }

  /** How many requests were refused. */
  get refused(): number {
    return this.#refused;
  }

  /** Lets a request in or throws the vendor's 429. */
  admit(): void {
    const { quota } = this.#quirks;
    if (!quota) return;
    const now = this.#clock.nowMs();
    const windowMs = quota.windowSeconds * 1000;
    // A clock that was set back leaves arrivals in the future; they count no longer.
    this.#admitted = this.#admitted.filter((at) => at > now - windowMs && at <= now);
    if (this.#admitted.length < quota.requests) {
      this.#admitted.push(now);
      return;
    }
    this.#refused++;
    const opensAt = (this.#admitted[this.#admitted.length - quota.requests] ?? now) + windowMs;
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
