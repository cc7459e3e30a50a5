import type { Entity, Simulator } from '@syncline/connectors/practicepanther/simulator';
import { localTime } from './local-time.js';

const quarterMs = 15 * 60_000;
/** The vendor publishes some changes with a time that has passed by so much: less than any overlap. */
const mostLateMs = 9 * 60_000;

/** What is edited how often. Users and custom fields are somebody's day out. */
const worked: readonly Entity[] = [
  ...(['contacts', 'contacts', 'accounts', 'matters', 'matters', 'tasks', 'tasks', 'tasks'] as const),
  ...(['notes', 'emails', 'events', 'timeentries', 'notes', 'emails', 'events', 'timeentries'] as const),
  ...(['users', 'customfields'] as const),
];
const timed: readonly Entity[] = ['matters', 'tasks', 'notes', 'emails', 'events', 'timeentries'];
/** Few enough of each for the brake on deletes to stay off, whatever is chosen. */
const mostDeletedADay = 4;

/** The people of a firm in New York, at work in their office hours. What they do is decided by the seed. */
export class People {
  /** When somebody did something last, by the time that is right. */
  lastChangeMs: number;
  /** How often what was done. */
  readonly done: Record<string, number> = {};
  readonly #simulator: Simulator;
  readonly #fraction: () => number;
  readonly #daysOff: readonly string[];
  readonly #deleted = new Map<string, number>();
  #touched: readonly { readonly entity: Entity; readonly id: string }[] = [];
  #seed = 1;

  constructor(simulator: Simulator, fraction: () => number, startMs: number, daysOff: readonly string[]) {
    this.lastChangeMs = startMs;
    this.#daysOff = daysOff;
    this.#simulator = simulator;
    this.#fraction = fraction;
  }

  /** What happens between two moments. The vendor's clock goes along, behind by so much. */
  work(fromMs: number, toMs: number, vendorLagMs: number): void {
    for (let beginMs = fromMs; beginMs < toMs; beginMs += quarterMs) {
      const moments: number[] = [];
      const most = 3 * this.#activity(beginMs);
      for (let i = this.#fraction(); i < most; i += 1) {
        moments.push(beginMs + this.#fraction() * (Math.min(toMs, beginMs + quarterMs) - beginMs));
      }
      for (const moment of moments.sort((a, b) => a - b)) {
        this.#setClock(moment - vendorLagMs);
        this.#lastChangeAt(moment);
        this.#doSomething(moment);
      }
    }
    this.#setClock(toMs - vendorLagMs);
  }

  /** Somebody changes something in the very moment in which a sync reads it: before, and once more after. */
  touch(): void {
    this.#touched = (['tasks', 'contacts'] as const).map((entity) => ({ entity, id: this.#anyOf(entity) }));
    this.retouch();
  }

  /** The same records again, with the same time as before. */
  retouch(): void {
    const { store, clock } = this.#simulator;
    this.#lastChangeAt(clock.nowMs());
    for (const { entity, id } of this.#touched) this.#count('edited', () => store.edit(entity, id, this.#next()));
  }

  /** A clock that falls behind stands still for a while. Set back it would make records older than they were. */
  #setClock(ms: number): void {
    const { clock } = this.#simulator;
    clock.set(Math.max(clock.nowMs(), Math.floor(ms)));
  }

  #lastChangeAt(ms: number): void {
    this.lastChangeMs = Math.max(this.lastChangeMs, ms);
  }

  #doSomething(ms: number): void {
    const roll = this.#fraction();
    const entity = this.#oneOf(worked);
    if (roll < 0.45) this.#edit(entity);
    else if (roll < 0.6) this.#count('added', () => this.#mutate({ adds: { [entity]: 1 } }));
    else if (roll < 0.66) this.#count('completed', () => this.#mutate({ completions: 2 }));
    else if (roll < 0.71) this.#count('archived', () => this.#mutate({ archives: 1 }));
    else if (roll < 0.8) this.#delete(entity, ms);
    else if (roll < 0.86) this.#restore(entity);
    else this.#publishLate(this.#oneOf(timed));
  }

  #edit(entity: Entity): void {
    const edits = { [entity]: 1 + Math.floor(this.#fraction() * 3) };
    this.#count('edited', () => this.#mutate({ edits }));
  }

  #delete(entity: Entity, ms: number): void {
    const day = `${entity} ${localTime(ms).date}`;
    const before = this.#deleted.get(day) ?? 0;
    // Time entries keep their users.
    if (entity === 'users' || before >= mostDeletedADay) return;
    this.#deleted.set(day, before + 1);
    // An account takes its contacts along.
    if (entity === 'accounts') this.#deleted.set(`contacts ${localTime(ms).date}`, mostDeletedADay);
    this.#count('deleted', () => this.#mutate({ deletes: { [entity]: 1 } }));
  }

  #restore(entity: Entity): void {
    const { store } = this.#simulator;
    const gone = store.deletedIds(entity);
    const id = gone[Math.floor(this.#fraction() * gone.length)];
    // A contact lives in its account, and comes back with it.
    if (id === undefined || entity === 'contacts') return;
    this.#count('restored', () => store.restore(entity, id));
  }

  /** A change whose time is a little behind, as from a server that was slow to publish it. */
  #publishLate(entity: Entity): void {
    const { store, clock } = this.#simulator;
    const id = this.#anyOf(entity);
    const late = Math.floor(this.#fraction() * mostLateMs);
    const known = Date.parse(`${String(store.record(entity, id)?.['updated_at'])}Z`);
    const time = new Date(Math.max(clock.nowMs() - late, known)).toISOString().slice(0, -1);
    store.edit(entity, id, this.#next());
    this.#count('published late', () => store.set(entity, id, { fields: { updated_at: time } }));
  }

  /** How busy the office is, from 0 to 1. At night, and on days off, nobody is there. */
  #activity(ms: number): number {
    const { weekday, hour } = localTime(ms);
    if (this.#daysOff.includes(weekday)) return 0;
    return hour >= 8 && hour < (weekday === 'Sat' ? 13 : 19) ? 1 : 0;
  }

  #mutate(request: Parameters<Simulator['store']['mutate']>[0]): void {
    this.#simulator.store.mutate({ seed: this.#next(), ...request });
  }

  #count(what: string, act: () => void): void {
    act();
    this.done[what] = (this.done[what] ?? 0) + 1;
  }

  #anyOf(entity: Entity): string {
    return this.#oneOf(this.#simulator.store.ids(entity));
  }

  #next(): number {
    this.#seed += 1;
    return this.#seed;
  }

  #oneOf<T>(all: readonly T[]): T {
    return all[Math.floor(this.#fraction() * all.length)] as T;
  }
}
