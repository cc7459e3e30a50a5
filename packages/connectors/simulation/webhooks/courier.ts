import { isAccepted, type Letter, post } from './letter.js';
import type { SenderSettings } from './sender-settings.js';

/** Something to be delivered, however often that takes. */
export interface Parcel {
  readonly url: string;
  /** The request of an attempt, from 1 on. */
  readonly compose: (attempt: number) => Letter;
  /** Called with each answer; null when there was none. */
  readonly onAnswer: (attempt: number, status: number | null) => void;
  readonly onFirstAnswer?: () => void;
  /** Called when the last attempt was not accepted either. */
  readonly onGivenUp?: () => void;
  /** False once nobody waits for it any more. */
  readonly isWanted: () => boolean;
  /** Attempts, where these are fewer than of others. */
  readonly attempts?: number;
}

/** Delivers, a few at once, and tries again where that fails, until it is closed. */
export class Courier {
  readonly #settings: Readonly<SenderSettings>;
  readonly #queue: { readonly parcel: Parcel; readonly attempt: number }[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #closed = new AbortController();
  #active = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(settings: Readonly<SenderSettings>) {
    this.#settings = settings;
  }

  /** What is queued, under way, or waits for its time. */
  get pending(): number {
    return this.#queue.length + this.#active + this.#timers.size;
  }

  send(parcel: Parcel, attempt = 1): void {
    if (this.#closed.signal.aborted) return;
    this.#queue.push({ parcel, attempt });
    this.#pump();
  }

  /** Does something later; counted as pending until then. Gives back what does it now instead. */
  later(ms: number, act: () => void): () => void {
    const now = () => {
      if (!this.#timers.has(timer)) return;
      clearTimeout(timer);
      act();
      this.#timers.delete(timer);
      this.#tellIdle();
    };
    const timer = setTimeout(now, ms);
    timer.unref();
    if (this.#closed.signal.aborted) clearTimeout(timer);
    else this.#timers.add(timer);
    return now;
  }

  /** Sends by hand, outside of all queues. */
  post(url: string, letter: Letter): Promise<number | null> {
    return post(url, letter, this.#settings.timeoutMs, this.#closed.signal);
  }

  /** Resolves when nothing is pending: delivered or given up. */
  async idle(): Promise<void> {
    if (this.pending === 0) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Gives up everything. */
  close(): void {
    this.#closed.abort();
    this.#queue.length = 0;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#tellIdle();
  }

  #pump(): void {
    while (this.#active < this.#settings.concurrency) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      this.#active += 1;
      void this.#deliver(next.parcel, next.attempt).finally(() => {
        this.#active -= 1;
        this.#pump();
        this.#tellIdle();
      });
    }
  }

  async #deliver(parcel: Parcel, attempt: number): Promise<void> {
    if (!parcel.isWanted()) return;
    const status = await this.post(parcel.url, parcel.compose(attempt));
    if (this.#closed.signal.aborted) return;
    parcel.onAnswer(attempt, status);
    if (attempt === 1) parcel.onFirstAnswer?.();
    if (isAccepted(status)) return;
    if (attempt >= (parcel.attempts ?? this.#settings.attempts)) parcel.onGivenUp?.();
    else this.later(this.#settings.backoffMs * 3 ** (attempt - 1), () => this.send(parcel, attempt + 1));
  }

  #tellIdle(): void {
    if (this.pending > 0) return;
    for (const tell of this.#waiting.splice(0)) tell();
  }
}
