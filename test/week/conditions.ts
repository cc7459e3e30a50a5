import type { Trouble } from './troubles.js';
import type { WeekFirm } from './week-firm.js';

type Away = Extract<Trouble, { kind: 'fleet away' }>;

/** How things stand: which of the troubles that are to come are in force. */
export class Conditions {
  /** How often each kind was met. */
  readonly met: Record<string, number> = {};
  /** By how much the vendor's clock is behind. */
  lagMs = 0;
  /** By how much this process' clock is wrong. */
  aheadSeconds = 0;
  /** The next job is still under way when another slot is due. */
  overruns = false;
  readonly #ahead: Trouble[];
  #lagUntilMs = 0;
  #aheadUntilMs = 0;

  constructor(troubles: readonly Trouble[]) {
    this.#ahead = [...troubles];
  }

  /** What has begun by then comes into force. Gives the absence that nobody sees that moment for, if there is one. */
  meet(firm: WeekFirm, byMs: number): Away | undefined {
    if (this.#lagUntilMs <= byMs) this.lagMs = 0;
    if (this.#aheadUntilMs <= byMs) this.aheadSeconds = 0;
    for (let next = this.#ahead[0]; next !== undefined && next.fromMs <= byMs; next = this.#ahead[0]) {
      this.#ahead.shift();
      // Back before anything was due: nobody has missed anything.
      if (next.kind === 'fleet away' && next.untilMs <= byMs) continue;
      this.met[next.kind] = (this.met[next.kind] ?? 0) + 1;
      if (next.kind === 'fleet away') return next;
      this.#apply(firm, next);
    }
    return undefined;
  }

  #apply(firm: WeekFirm, trouble: Exclude<Trouble, Away>): void {
    switch (trouble.kind) {
      case 'vendor out of order':
        firm.simulator.faults.add(trouble.fault);
        return;
      case 'job overruns':
        this.overruns = true;
        return;
      case 'vendor clock lags':
        this.lagMs = trouble.lagMs;
        this.#lagUntilMs = trouble.untilMs;
        return;
      case 'process clock wrong':
        this.aheadSeconds = trouble.aheadSeconds;
        this.#aheadUntilMs = trouble.untilMs;
    }
  }
}
