import CircuitBreaker from 'opossum';
import type { Outcome } from './outcome.js';

export interface JudgeOptions {
  /** So many failures in a row open it. */
  readonly maxFailures: number;
  /** How long it then stays open. */
  readonly resetMs: number;
}

/** Over half of at least so many calls… */
const fewestCalls = 20;
/** …of the last minute. */
const rollingMs = 60_000;

/**
 * One opossum: closed, open, half open, and the counts of a rolling minute. Its rule for opening is the share of
 * failures; ours beside it, so many in a row, opens it from outside.
 *
 * It is told how calls have ended instead of being put around them. Around them it knows success and failure only, and
 * a call that was cancelled would be one of the two.
 */
export class Judge {
  readonly #opossum: CircuitBreaker<[Outcome], void>;
  readonly #resetMs: number;
  #failuresInARow = 0;
  #openUntil = 0;
  #trialUnderWay = false;

  constructor({ maxFailures, resetMs }: JudgeOptions) {
    this.#resetMs = resetMs;
    this.#opossum = new CircuitBreaker<[Outcome], void>(report, {
      timeout: false,
      errorThresholdPercentage: 50,
      volumeThreshold: fewestCalls,
      rollingCountTimeout: rollingMs,
      rollingCountBuckets: 12,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
      resetTimeout: resetMs,
    });
    this.#opossum.on('success', () => {
      this.#failuresInARow = 0;
    });
    this.#opossum.on('failure', () => {
      this.#failuresInARow += 1;
      if (this.#failuresInARow >= maxFailures) this.#opossum.open();
    });
    this.#opossum.on('open', () => {
      this.#openUntil = performance.now() + resetMs;
    });
  }

  get isOpen(): boolean {
    return this.#opossum.opened;
  }

  /** 0 when a call may go: it is closed, or half open and nobody tries it yet. */
  get restMs(): number {
    if (this.#opossum.opened) return Math.max(1, this.#openUntil - performance.now());
    return this.#opossum.halfOpen && this.#trialUnderWay ? this.#resetMs : 0;
  }

  /** Notes that a call begins. True: it is the one that tries whether the vendor is back. */
  begin(): boolean {
    if (!this.#opossum.halfOpen || this.#trialUnderWay) return false;
    this.#trialUnderWay = true;
    return true;
  }

  async hear(outcome: Outcome, trial: boolean): Promise<void> {
    if (trial) this.#trialUnderWay = false;
    // What opossum has to say to it (rejected, shut down) is seen in its state.
    if (outcome !== 'neither') await this.#opossum.fire(outcome).catch(() => {});
  }

  close(): void {
    this.#opossum.shutdown();
  }
}

async function report(outcome: Outcome): Promise<void> {
  if (outcome === 'failure') throw new Error('the call failed');
}
