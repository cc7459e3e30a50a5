import type { Entity } from '../data/entities.js';
import { compareKeys, type OrderTerm, type SortKey, sortKeyReader } from './sort-order.js';
import type { Tables } from './tables.js';

/**
 * The live slots of one entity in one order, ties in the order of creation. Sorted once; afterwards a read merges in what the
 * journal reports, so that an edit costs one pass over the slots and no second sort.
 */
export class OrderedIndex {
  readonly #tables: Tables;
  readonly #entity: Entity;
  readonly #terms: readonly OrderTerm[];
  readonly #readers: readonly ((slot: number) => SortKey)[];
  #slots: Uint32Array<ArrayBufferLike>;
  #read: number;

  constructor(tables: Tables, entity: Entity, terms: readonly OrderTerm[]) {
    this.#tables = tables;
    this.#entity = entity;
    this.#terms = terms;
    this.#readers = terms.map((term) => sortKeyReader(tables, entity, term));
    this.#read = this.#journal.length;
    this.#slots = Uint32Array.from(this.#sorted([...tables.of[entity].liveSlots()]));
  }

  /** The slots in order, up to date. The array must not be changed. */
  slots(): Uint32Array<ArrayBufferLike> {
    if (this.#read < this.#journal.length) this.#catchUp();
    return this.#slots;
  }

  get #journal(): readonly number[] {
    return this.#tables.of[this.#entity].journal;
  }

  #catchUp(): void {
    const table = this.#tables.of[this.#entity];
    const changed = new Set(this.#journal.slice(this.#read));
    this.#read = this.#journal.length;
    const moved = this.#sorted([...changed].filter((slot) => table.isLive(slot)));
    const kept = this.#slots.filter((slot) => !changed.has(slot));
    const merged = new Uint32Array(kept.length + moved.length);
    let from = 0;
    moved.forEach((slot, at) => {
      const place = this.#placeFor(slot, kept, from);
      merged.set(kept.subarray(from, place), from + at);
      merged[place + at] = slot;
      from = place;
    });
    merged.set(kept.subarray(from), from + moved.length);
    this.#slots = merged;
  }

  /** Sorts slots with the first term's keys read once: reading them again in every comparison is what is slow. */
  #sorted(slots: readonly number[]): number[] {
    const first = this.#readers[0];
    const sign = this.#terms[0]?.descending ? -1 : 1;
    return slots
      .map((slot) => ({ slot, key: first ? first(slot) : null }))
      .sort((left, right) => {
        const order = compareKeys(left.key, right.key);
        return order === 0 ? this.#compareFrom(1, left.slot, right.slot) : order * sign;
      })
      .map(({ slot }) => slot);
  }

  #compareFrom(term: number, left: number, right: number): number {
    for (let at = term; at < this.#terms.length; at++) {
      const reader = this.#readers[at];
      const order = reader ? compareKeys(reader(left), reader(right)) : 0;
      if (order !== 0) return this.#terms[at]?.descending ? -order : order;
    }
    // The vendor promises nothing about ties. By slot they are at least the same from page to page, and cost nothing.
    return left - right;
  }

  #placeFor(slot: number, among: Uint32Array, from: number): number {
    let low = from;
    let high = among.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compareFrom(0, among[middle] as number, slot) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
