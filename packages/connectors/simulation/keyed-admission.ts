import { SlidingQuota } from './sliding-quota.js';
import type { VendorClock } from './vendor-clock.js';

/** Who gets in at a vendor whose clients have a key: what all of them do alike. */
export abstract class KeyedAdmission<Quirks> {
  protected readonly apiKey: string;
  protected readonly quirks: Quirks;
  protected readonly window: SlidingQuota;
  #revoked = false;

  constructor(apiKey: string, quirks: Quirks, clock: VendorClock) {
    this.apiKey = apiKey;
    this.quirks = quirks;
    this.window = new SlidingQuota(clock);
  }

  /** How many requests were above the quota. */
  get refused(): number {
    return this.window.refused;
  }

  protected get isRevoked(): boolean {
    return this.#revoked;
  }

  /** Refuses the key from now on, or takes it again. */
  revoke(revoked: boolean): void {
    this.#revoked = revoked;
  }
}
