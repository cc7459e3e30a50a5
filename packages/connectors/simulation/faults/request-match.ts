import { z } from 'zod';
import { type Die, die, fraction } from '../dice.js';

/**
 * Which requests a fault or a hold is for. `path` is a part of the path, without regard to case; `query` names
 * parameters with their exact values. Of the requests that fit: only the `nth`, or all `after` the first so many,
 * only a seeded `share` of them, and at most `times` (one where `nth` is given).
 */
export const requestMatchSchema = z.strictObject({
  path: z.string().optional(),
  method: z.string().optional(),
  query: z.record(z.string(), z.string()).optional(),
  nth: z.int().min(1).optional(),
  after: z.int().min(0).optional(),
  share: z.number().min(0).max(1).optional(),
  times: z.int().min(1).optional(),
});

/** A rule of matching as tests write it. */
export type RequestMatch = z.infer<typeof requestMatchSchema>;

/** What matching looks at. */
export interface SeenRequest {
  method: string;
  path: string;
  query: URLSearchParams;
}

/** A rule of matching with its counters. */
export class RequestMatcher {
  readonly match: RequestMatch;
  readonly #roll: Die;
  #seen = 0;
  #hits = 0;

  constructor(match: RequestMatch, seed: number) {
    this.match = match;
    this.#roll = die(seed, 'share of requests');
  }

  /** How many requests fitted. */
  get seen(): number {
    return this.#seen;
  }

  /** How many of them were taken: zero means that a test has not proved anything. */
  get hits(): number {
    return this.#hits;
  }

  /** Counts a request that fits and tells whether it is one to act on; the caller must then {@link hit}. */
  wants(request: SeenRequest): boolean {
    if (!this.#fits(request)) return false;
    this.#seen++;
    const { nth, after = 0, share, times = nth === undefined ? Number.POSITIVE_INFINITY : 1 } = this.match;
    if (this.#hits >= times || this.#seen <= after) return false;
    if (nth !== undefined && this.#seen < nth) return false;
    return share === undefined || fraction(this.#roll(this.#seen)) < share;
  }

  /** Notes that a wanted request was acted on. */
  hit(): void {
    this.#hits++;
  }

  #fits(request: SeenRequest): boolean {
    const { path, method, query } = this.match;
    if (method !== undefined && method.toUpperCase() !== request.method) return false;
    if (path !== undefined && !request.path.toLowerCase().includes(path.toLowerCase())) return false;
    return Object.entries(query ?? {}).every(([name, value]) => request.query.get(name) === value);
  }
}
