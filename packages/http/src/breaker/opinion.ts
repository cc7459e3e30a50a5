import { Judge, type JudgeOptions } from './judge.js';
import type { Outcome } from './outcome.js';

/** What one process thinks of one vendor, from its own calls since the circuit was closed last. */
export class Opinion {
  readonly #options: JudgeOptions;
  #judge: Judge;
  #closedAt = '';

  constructor(options: JudgeOptions) {
    this.#options = options;
    this.#judge = new Judge(options);
  }

  /** The last closing that this process knows of, as Redis writes it. */
  get closedAt(): string {
    return this.#closedAt;
  }

  /** It thinks that the vendor is down, and does not try. */
  get isOpen(): boolean {
    return this.#judge.isOpen;
  }

  /** How long it keeps its own calls back, in ms; 0: not at all. */
  get restMs(): number {
    return this.#judge.restMs;
  }

  /** The circuit was closed for all at that time: what was thought before counts no more. */
  learn(closedAt: string): void {
    if (Number(closedAt) <= Number(this.#closedAt)) return;
    this.#closedAt = closedAt;
    this.#renew();
  }

  /** Notes that a call begins; what it answers is told the call's outcome. */
  begin(): (outcome: Outcome) => Promise<void> {
    const judge = this.#judge;
    const trial = judge.begin();
    return async (outcome) => {
      await judge.hear(outcome, trial);
      // Unless it was begun before the last closing: then it said something about the vendor as it was.
      if (judge === this.#judge && trial && outcome === 'success') this.#renew();
    };
  }

  close(): void {
    this.#judge.close();
  }

  /** A new one, because opossum keeps what it has counted when it closes: one more failure would open it again. */
  #renew(): void {
    this.#judge.close();
    this.#judge = new Judge(this.#options);
  }
}
