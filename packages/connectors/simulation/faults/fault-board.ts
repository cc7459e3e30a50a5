import { z } from 'zod';
import { RequestMatcher, requestMatchSchema, type SeenRequest } from './request-match.js';

/**
 * What happens to a request that a fault strikes. `status` of 400 and more answers in the vendor's place; everything
 * else lets the vendor do its work (a token is rotated) and then spoils the answer on its way.
 */
const faultActionSchema = z.strictObject({
  status: z.int().min(200).max(599).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** A kind of broken body (see fault-bodies.ts), or the text to send. */
  body: z.string().optional(),
  /** How much a `huge` or `gzip-bomb` body weighs once unpacked. */
  hugeBytes: z.int().min(1).max(4_000_000_000).optional(),
  delayMs: z.number().min(0).optional(),
  stallAfterBytes: z.int().min(0).optional(),
  dripBytesPerSecond: z.number().positive().optional(),
  resetAfterBytes: z.int().min(0).optional(),
});

/** A fault as tests write it. */
export const faultSchema = z.strictObject({ match: requestMatchSchema.default({}), action: faultActionSchema });

/** What a fault does to the request it strikes. */
export type FaultAction = z.infer<typeof faultActionSchema>;
/** A fault as tests write it; what is left out of `match` fits everything. */
export type Fault = z.input<typeof faultSchema>;

/** A fault and what came of it. */
export interface FaultReport extends Fault {
  id: number;
  seen: number;
  hits: number;
}

/** The faults in force. The first that wants a request gets it, so that several make a sequence. */
export class FaultBoard {
  readonly #seed: number;
  readonly #rules = new Map<number, { matcher: RequestMatcher; action: FaultAction }>();
  #added = 0;
  #struck = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** How many requests were struck since the start, also by faults that are gone. */
  get struck(): number {
    return this.#struck;
  }

  /** Puts a fault in force and gives its id. */
  add(fault: Fault): number {
    const { match, action } = faultSchema.parse(fault);
    const id = ++this.#added;
    this.#rules.set(id, { matcher: new RequestMatcher(match, this.#seed + id), action });
    return id;
  }

  /** Takes one fault away, or all. */
  clear(id?: number): void {
    if (id === undefined) this.#rules.clear();
    else this.#rules.delete(id);
  }

  /** How often one fault struck. */
  hits(id: number): number {
    return this.#rules.get(id)?.matcher.hits ?? 0;
  }

  /** Every fault in force with its counters. */
  report(): FaultReport[] {
    return Array.from(this.#rules, ([id, { matcher, action }]) => {
      return { id, match: matcher.match, action, seen: matcher.seen, hits: matcher.hits };
    });
  }

  /** Finds what happens to a request; undefined for nothing. Every rule counts it, one at most acts. */
  strike(request: SeenRequest): FaultAction | undefined {
    let struck: { matcher: RequestMatcher; action: FaultAction } | undefined;
    for (const rule of this.#rules.values()) if (rule.matcher.wants(request)) struck ??= rule;
    if (!struck) return undefined;
    struck.matcher.hit();
    this.#struck++;
    return struck.action;
  }
}
