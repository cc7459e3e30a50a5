import { z } from 'zod';
import { definedOnly } from '../../../simulation/defined-only.js';
import { invalid, notFound } from '../api/refusals.js';
import { EVENT_NAMES } from './event-names.js';

const fields = z.object({
  url: z.url({ protocol: /^https?$/ }),
  events: z.array(z.string().refine((name) => EVENT_NAMES.includes(name))).min(1),
  options: z.record(z.string(), z.unknown()).optional(),
  multiple_at_once: z.boolean().optional(),
  status: z.boolean().optional(),
  deactivation_reason: z.string().optional(),
});

export interface Subscription extends Required<Omit<z.infer<typeof fields>, 'deactivation_reason'>> {
  readonly id: number;
  readonly deactivation_reason?: string | undefined;
}

/** Who is told of events. Nothing is signed: the URL is all that a receiver can know the vendor by. */
export class Subscriptions {
  readonly #all = new Map<number, Subscription>();
  #made = 0;

  all(): Subscription[] {
    return [...this.#all.values()];
  }

  /** Throws the vendor's refusal when there is none. */
  get(id: string | undefined): Subscription {
    const found = this.#all.get(/^\d{1,9}$/.test(id ?? '') ? Number(id) : 0);
    if (found === undefined) throw notFound();
    return found;
  }

  /** Throws the vendor's refusal of what is no subscription. */
  create(given: unknown): Subscription {
    const parsed = fields.safeParse(given);
    if (!parsed.success) throw invalid();
    this.#made += 1;
    return this.#keep({ ...{ id: this.#made, options: {}, multiple_at_once: false, status: true }, ...parsed.data });
  }

  /** Throws the vendor's refusal. Who switches one off has to say why. */
  change(id: string | undefined, given: unknown): Subscription {
    const before = this.get(id);
    const parsed = fields.partial().safeParse(given);
    if (!parsed.success) throw invalid();
    if (parsed.data.status === false && !parsed.data.deactivation_reason) throw invalid();
    return this.#keep({ ...before, ...definedOnly(parsed.data) });
  }

  remove(id: string | undefined): void {
    this.#all.delete(this.get(id).id);
  }

  /** Whether it is there, switched on, and to that event. */
  wants(id: number, event: string): boolean {
    const found = this.#all.get(id);
    return found?.status === true && found.events.includes(event);
  }

  #keep(given: Record<string, unknown>): Subscription {
    const subscription = given as unknown as Subscription;
    this.#all.set(subscription.id, subscription);
    return subscription;
  }
}
