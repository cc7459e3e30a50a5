import { z } from 'zod';
import type { Departure } from '../http/departure.js';
import { RequestMatcher, requestMatchSchema, type SeenRequest } from './request-match.js';

/**
 * A hold as tests write it. At `arrival` the vendor has done nothing yet; at `answer` its work is done (the page is
 * rendered, the token rotated) and only the bytes are kept back.
 */
export const holdSchema = z.strictObject({
  match: requestMatchSchema.default({}),
  stage: z.enum(['arrival', 'answer']).default('arrival'),
});

/** A hold as tests write it. */
export type Hold = z.input<typeof holdSchema>;

/** Where requests can be held. */
export type HoldStage = z.infer<typeof holdSchema>['stage'];

/** A hold and how many requests it has in its hands. */
export interface HoldReport {
  id: number;
  match: Hold['match'];
  stage: HoldStage;
  held: number;
  seen: number;
}

interface Rule {
  matcher: RequestMatcher;
  stage: HoldStage;
  waiting: Set<() => void>;
}

/** Keeps requests back until a test lets them go: a race point that needs no timing. */
export class HoldBoard {
  readonly #seed: number;
  readonly #rules = new Map<number, Rule>();
  readonly #watchers = new Set<() => void>();
  #added = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Puts a hold in force and gives its id. */
  add(hold: Hold): number {
    const { match, stage } = holdSchema.parse(hold);
    const id = ++this.#added;
    this.#rules.set(id, { matcher: new RequestMatcher(match, this.#seed + id), stage, waiting: new Set() });
    return id;
  }

  /** Lets go what is held, by one hold or by all; with `keep` the hold stays for the next. Returns how many went. */
  release(options: { id?: number | undefined; keep?: boolean | undefined } = {}): number {
    let released = 0;
    for (const [id, rule] of this.#rules) {
      if (options.id !== undefined && options.id !== id) continue;
      if (!options.keep) this.#rules.delete(id);
      released += rule.waiting.size;
      for (const go of rule.waiting) go();
    }
    return released;
  }

  /** Every hold in force. */
  report(): HoldReport[] {
    return Array.from(this.#rules, ([id, { matcher, stage, waiting }]) => {
      return { id, match: matcher.match, stage, held: waiting.size, seen: matcher.seen };
    });
  }

  /** Waits until a hold has `count` requests in its hands; rejects when the signal says so. */
  async untilHeld(id: number, count = 1, signal?: AbortSignal): Promise<void> {
    while ((this.#rules.get(id)?.waiting.size ?? 0) < count) {
      signal?.throwIfAborted();
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#watchers.delete(wake);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        this.#watchers.add(wake);
        signal?.addEventListener('abort', wake);
      });
    }
  }

  /** Resolves at once, or once a request that is to be held is released or its client has gone. */
  async pass(stage: HoldStage, request: SeenRequest, departure: Departure): Promise<void> {
    for (const rule of this.#rules.values()) {
      if (rule.stage !== stage || !rule.matcher.wants(request)) continue;
      rule.matcher.hit();
      await this.#wait(rule, departure.signal);
      return;
    }
  }

  #wait(rule: Rule, gone: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        rule.waiting.delete(go);
        gone.removeEventListener('abort', go);
        resolve();
      };
      rule.waiting.add(go);
      gone.addEventListener('abort', go);
      if (gone.aborted) go();
      for (const wake of [...this.#watchers]) wake();
    });
  }
}
