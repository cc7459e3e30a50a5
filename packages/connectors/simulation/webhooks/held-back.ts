import type { Courier } from './courier.js';

interface Held {
  readonly at: number;
  /** Answers that are still waited for. */
  left: number;
  readonly release: () => void;
}

/** Events that later ones overtake. */
export class HeldBack {
  readonly #courier: Courier;
  readonly #held = new Set<Held>();

  constructor(courier: Courier) {
    this.#courier = courier;
  }

  /** Releases the event of that number when so many later ones have been answered, or when `ms` are over. */
  add(at: number, answers: number, ms: number, release: () => void): void {
    const held: Held = {
      at,
      left: answers,
      release: this.#courier.later(ms, () => {
        this.#held.delete(held);
        release();
      }),
    };
    this.#held.add(held);
  }

  /** The event of that number has been answered. */
  answered(at: number): void {
    for (const held of [...this.#held].filter((candidate) => candidate.at < at)) {
      held.left -= 1;
      if (held.left === 0) held.release();
    }
  }
}
