import { ENTITIES, type Entity } from '../data/entities.js';
import { OrderedIndex } from './ordered-index.js';
import { compareKeys, type OrderTerm, orderName } from './sort-order.js';
import { type Tables, updatedMs } from './tables.js';

/** Which records a list is about, and in which order. */
export interface Selection {
  entity: Entity;
  order: readonly OrderTerm[];
  /** Only records changed at or after this instant. */
  updatedFrom?: number;
  /** Everything else that is asked of a record. */
  tests: readonly ((slot: number) => boolean)[];
  /** Tells selections apart: the same name must mean the same tests. */
  name: string;
}

/** Enough for the lists that a sync walks through at once. */
const REMEMBERED = 16;

/**
 * Answers selections with slots in order. Pages of one list follow one another: what the first has found is kept for
 * the others until a record changes.
 */
export class Selections {
  readonly #tables: Tables;
  readonly #indexes = new Map<string, OrderedIndex>();
  readonly #found = new Map<string, Uint32Array<ArrayBufferLike>>();
  #seen = '';

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** The slots of a selection, in order. The array must not be changed. */
  slots(selection: Selection): Uint32Array<ArrayBufferLike> {
    this.#dropStale();
    const name = `${selection.entity} ${orderName(selection.order)} ${selection.updatedFrom ?? ''} ${selection.name}`;
    const known = this.#found.get(name);
    if (known) return known;
    const slots = this.#find(selection);
    if (this.#found.size >= REMEMBERED) this.#found.delete(this.#found.keys().next().value ?? '');
    this.#found.set(name, slots);
    return slots;
  }

  #find(selection: Selection): Uint32Array<ArrayBufferLike> {
    const { entity, order, updatedFrom, tests } = selection;
    const index = this.#index(entity, order).slots();
    if (updatedFrom === undefined) return tests.length === 0 ? index : filter(index, tests);
    const [first] = order;
    if (first?.by === 'updated_at' && !first.descending) {
      // The order is by time already: what is asked for is its tail, found without looking at the rest.
      const tail = index.subarray(this.#firstAt(entity, index, updatedFrom));
      return tests.length === 0 ? tail : filter(tail, tests);
    }
    return filter(index, [(slot) => updatedMs(this.#tables, entity, slot) >= updatedFrom, ...tests]);
  }

  #index(entity: Entity, order: readonly OrderTerm[]): OrderedIndex {
    const name = `${entity} ${orderName(order)}`;
    const known = this.#indexes.get(name);
    if (known) return known;
    const index = new OrderedIndex(this.#tables, entity, order);
    this.#indexes.set(name, index);
    return index;
  }

  #firstAt(entity: Entity, index: Uint32Array, ms: number): number {
    let low = 0;
    let high = index.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(updatedMs(this.#tables, entity, index[middle] as number), ms) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Filters look across tables (a contact's account), so any change makes all that was found doubtful. */
  #dropStale(): void {
    const seen = ENTITIES.map((entity) => this.#tables.of[entity].journal.length).join();
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#found.clear();
  }
}

function filter(slots: Uint32Array, tests: Selection['tests']): Uint32Array<ArrayBufferLike> {
  return slots.filter((slot) => tests.every((test) => test(slot)));
}
