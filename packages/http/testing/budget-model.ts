/** What the scripts of a budget do, in plain memory and as naively as possible. All moments are microseconds. */
export interface ModelWindow {
  readonly requests: number;
  readonly spanMs: number;
}

const lookBack = 10_000_000;
const early = 2_000;
const again = 5_000;
const priorities = [0, 1, 2, 3];

export class BudgetModel {
  /** How often a permit was free, but others were to come first; and how often it was somebody's turn among others. */
  readonly contention = { missed: 0, taken: 0 };
  readonly #windows: readonly ModelWindow[];
  readonly #longest: number;
  readonly #grace: number;
  #permits: { id: string; score: number }[] = [];
  #waiting: { id: string; priority: number; due: number }[] = [];
  #pausedUntil = 0;
  #withheldAt = 0;
  #at = 0;
  readonly #turns = new Map<number, number>();

  constructor(windows: readonly ModelWindow[]) {
    this.#windows = windows;
    this.#longest = Math.max(...windows.map(({ spanMs }) => spanMs)) * 1_000;
    this.#grace = Math.min(Math.max(this.#longest / 100, 50_000), 2_000_000);
  }

  /** As acquire.lua answers. */
  acquire(now: number, id: string, holdMs: number, priority: number): number[] {
    const [back] = this.#expected(now).filter((waiter) => waiter.priority === priority);
    this.#waiting = this.#waiting.filter((waiter) => waiter !== back);
    if (this.#pausedUntil > now) return this.#refuse(now, id, priority, this.#pausedUntil - now, 1);

    const rooms = this.#windows.map(({ requests, spanMs }) => {
      const counted = this.#permits.filter(({ score }) => score > now - spanMs * 1_000).map(({ score }) => score);
      const room = requests - counted.length;
      const ends = counted.sort((a, b) => a - b).map((score) => Math.min(score, now) + spanMs * 1_000 - now);
      return { room, untilMore: ends[Math.max(0, -room)] ?? 0 };
    });
    const free = Math.max(0, Math.min(...rooms.map(({ room }) => room)));
    const untilMore = Math.max(...rooms.filter(({ room }) => room <= free).map((room) => room.untilMore));
    if (free === 0) return this.#refuse(now, id, priority, untilMore, 0);

    const others = this.#expected(now).filter((waiter) => waiter.priority !== priority);
    if (others.length >= free && !this.#takesTurn(now, priority, free)) {
      this.contention.missed += 1;
      const ends = others.map(({ due }) => due + this.#grace - now);
      const wait = Math.min(this.#grace, ...ends, untilMore > 0 ? untilMore : Number.POSITIVE_INFINITY);
      return this.#refuse(now, id, priority, Math.max(wait, again), 0);
    }
    this.#permits = this.#permits.filter(({ score }) => score > now - this.#longest - lookBack);
    this.#permits.push({ id, score: now + holdMs * 1_000 });
    return [0, 0, ...rooms.map(({ room }) => room - 1)];
  }

  settle(now: number, id: string): number {
    const permit = this.#permits.find((candidate) => candidate.id === id);
    if (!permit || permit.score <= now) return 0;
    permit.score = now;
    return 1;
  }

  release(id: string): void {
    this.#permits = this.#permits.filter((permit) => permit.id !== id);
  }

  /** As pause.lua answers. */
  pause(now: number, ms: number): number {
    this.#pausedUntil = Math.max(this.#pausedUntil, now + ms * 1_000);
    return Math.ceil((this.#pausedUntil - now) / 1_000);
  }

  /** As withhold.lua answers. */
  withhold(now: number, window: ModelWindow, left: number, ours: number, sinceMs: number): number {
    const sentAt = now - sinceMs * 1_000;
    const used = this.#permits.filter(({ score }) => score > sentAt - window.spanMs * 1_000).length;
    const certain = window.requests - used - left;
    if (certain <= 0) return 0;
    const missing = this.#withheldAt < sentAt ? Math.max(certain, ours - left) : certain;
    for (let i = 0; i < missing; i += 1) this.#permits.push({ id: 'foreign', score: now });
    this.#withheldAt = now;
    return missing;
  }

  #expected(now: number) {
    return this.#waiting
      .filter(({ due }) => due >= now - this.#grace && due <= now + early)
      .sort((a, b) => a.due - b.due || (a.id < b.id ? -1 : 1));
  }

  #refuse(now: number, id: string, priority: number, wait: number, paused: number): number[] {
    const ms = Math.ceil(wait / 1_000);
    this.#waiting.push({ id, priority, due: now + ms * 1_000 });
    return [ms, paused];
  }

  /** Deals the free permits out to those who are expected, this one among them. */
  #takesTurn(now: number, mine: number, free: number): boolean {
    const wanted = priorities.map(
      (priority) => this.#expected(now).filter((waiter) => waiter.priority === priority).length,
    );
    wanted[mine] = Number.POSITIVE_INFINITY;
    const next = priorities.map((priority) => Math.max(this.#turns.get(priority) ?? 0, this.#at));
    const own = next[mine] ?? 0;
    let front: number | undefined;
    for (let dealt = 0; dealt < free; dealt += 1) {
      const asking = priorities.filter((priority) => (wanted[priority] ?? 0) > 0);
      const earliest = Math.min(...asking.map((priority) => next[priority] ?? 0));
      const turn = asking.find((priority) => next[priority] === earliest) ?? mine;
      front ??= earliest;
      if (turn === mine) {
        this.contention.taken += 1;
        this.#at = front;
        this.#turns.set(mine, own + 2 ** mine);
        return true;
      }
      wanted[turn] = (wanted[turn] ?? 0) - 1;
      next[turn] = earliest + 2 ** turn;
    }
    return false;
  }
}
