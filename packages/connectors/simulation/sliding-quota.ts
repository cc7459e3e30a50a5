import type { VendorClock } from './vendor-clock.js';

/** Requests allowed in a window of so many seconds. */
export interface Quota {
  readonly requests: number;
  readonly windowSeconds: number;
}

/** Requests of a window that slides with the vendor's clock. */
export class SlidingQuota {
  readonly #clock: VendorClock;
  #admitted: number[] = [];
  #refused = 0;

  constructor(clock: VendorClock) {
    this.#clock = clock;
  }

  /** How many requests were above the quota. */
  get refused(): number {
    return this.#refused;
  }

  /**
   * Counts a request: how many are left after it, or when the window opens again, in ms. Refused ones do not count, or a
   * client that waits could never get in.
   */
  take(quota: Quota): { readonly left: number } | { readonly now: number; readonly opensAt: number } {
    const now = this.#clock.nowMs();
    const windowMs = quota.windowSeconds * 1_000;
    // A clock that was set back leaves arrivals in the future; they count no longer.
    this.#admitted = this.#admitted.filter((at) => at > now - windowMs && at <= now);
    if (this.#admitted.length < quota.requests) {
      this.#admitted.push(now);
      return { left: quota.requests - this.#admitted.length };
    }
    this.#refused += 1;
    return { now, opensAt: (this.#admitted[this.#admitted.length - quota.requests] ?? now) + windowMs };
  }
}
