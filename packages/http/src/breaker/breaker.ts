import { randomUUID } from 'node:crypto';
import type { Circuits } from './circuits.js';
import type { JudgeOptions } from './judge.js';
import { Opinion } from './opinion.js';
import type { Outcome } from './outcome.js';

export interface CircuitOptions extends JudgeOptions {
  readonly key: string;
}

/** The vendor is left alone. Asking again makes sense after `restMs`. `half_open`: while another request tries it. */
export interface KeptBack {
  readonly state: 'open' | 'half_open';
  readonly restMs: number;
  readonly reason: string;
}

/** A call may go; `half_open`: as the one that tries the vendor. Its outcome is reported, whatever it is. */
export interface Passage {
  readonly state: 'closed' | 'half_open';
  over(outcome: Outcome): Promise<void>;
}

/** Who waits only for this process, or for one call, to find out more. Another worker may take the job up sooner. */
const shortRestMs = 3_000;
/** Nobody knows when an operator closes the circuit again. */
const heldRestMs = 15_000;

/** The breakers of one process: what it thinks itself of each vendor, and what the fleet has decided. */
export class Breaker {
  readonly #circuits: Circuits;
  readonly #votes: boolean;
  readonly #opinions = new Map<string, Opinion>();
  readonly #holder = randomUUID();
  #serial = 0;

  constructor(circuits: Circuits, votes: boolean) {
    this.#circuits = circuits;
    this.#votes = votes;
  }

  /**
   * Asks whether a call may go out that ends within `leaseMs`.
   * @throws SyncError BUDGET_UNAVAILABLE; the signal's reason
   */
  async enter(circuit: CircuitOptions, leaseMs: number, signal?: AbortSignal): Promise<Passage | KeptBack> {
    const opinion = this.#opinionOf(circuit);
    this.#serial += 1;
    const callId = `${this.#holder}:${this.#serial}`;
    const { verdict, ms, closedAt } = await this.#circuits.enter(circuit.key, callId, leaseMs, signal);
    opinion.learn(closedAt);

    switch (verdict) {
      case 'open':
        return { state: 'open', restMs: ms, reason: 'the vendor failed' };
      case 'trying':
        return { state: 'half_open', restMs: Math.min(ms, shortRestMs), reason: 'another request tries the vendor' };
      case 'held':
        return { state: 'open', restMs: heldRestMs, reason: 'opened by hand' };
      case 'probe':
        return this.#probe(circuit, opinion, callId);
      case 'closed':
    }
    const { restMs } = opinion;
    if (restMs === 0) return this.#call(circuit, opinion);
    // Said before, but Redis may have been emptied, and others may have left or failed since.
    await this.#vote(circuit, opinion);
    return { state: 'open', restMs: Math.min(restMs, shortRestMs), reason: 'the vendor failed for this process' };
  }

  close(): void {
    for (const opinion of this.#opinions.values()) opinion.close();
  }

  #call(circuit: CircuitOptions, opinion: Opinion): Passage {
    const ended = opinion.begin();
    return {
      state: 'closed',
      over: async (outcome) => {
        await ended(outcome);
        if (outcome === 'failure') await this.#vote(circuit, opinion);
      },
    };
  }

  #probe(circuit: CircuitOptions, opinion: Opinion, callId: string): Passage {
    const ended = opinion.begin();
    return {
      state: 'half_open',
      over: async (outcome) => {
        await ended(outcome);
        // Where it does not get through, the next probe is due when this one's lease is over.
        const closedAt = await this.#circuits.probed(circuit.key, callId, outcome, circuit.resetMs).catch(() => '');
        opinion.learn(closedAt);
      },
    };
  }

  async #vote({ key, resetMs }: CircuitOptions, opinion: Opinion): Promise<void> {
    const { restMs, isOpen } = opinion;
    if (!this.#votes || !isOpen) return;
    // Where it does not get through, it is said again at the next call.
    const closedAt = await this.#circuits.vote(key, restMs, resetMs, opinion.closedAt).catch(() => '');
    opinion.learn(closedAt);
  }

  #opinionOf({ key, maxFailures, resetMs }: CircuitOptions): Opinion {
    // With the options: a connection whose settings have changed begins anew.
    const name = `${key} ${maxFailures} ${resetMs}`;
    const opinion = this.#opinions.get(name) ?? new Opinion({ maxFailures, resetMs });
    this.#opinions.set(name, opinion);
    return opinion;
  }
}
