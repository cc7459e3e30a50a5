/** The vendor's own clock: it runs with the machine's until a test sets, advances or stops it. */
export class VendorClock {
  readonly #source: () => Date;
  #offsetMs = 0;
  #stoppedAt: number | undefined;

  constructor(source: () => Date = () => new Date()) {
    this.#source = source;
  }

  /** The vendor's present in milliseconds. */
  nowMs(): number {
    return this.#stoppedAt ?? this.#source().getTime() + this.#offsetMs;
  }

  /** Makes `ms` the present; the clock runs on from there unless it is stopped. */
  set(ms: number): void {
    if (this.#stoppedAt === undefined) this.#offsetMs = ms - this.#source().getTime();
    else this.#stoppedAt = ms;
  }

  /** Moves the present, backwards where `seconds` is negative. */
  advance(seconds: number): void {
    this.set(this.nowMs() + seconds * 1000);
  }

  /** Holds the clock still at its present, or lets it run on from there. */
  stop(stopped: boolean): void {
    const present = this.nowMs();
    this.#stoppedAt = stopped ? present : undefined;
    if (!stopped) this.set(present);
  }
}
