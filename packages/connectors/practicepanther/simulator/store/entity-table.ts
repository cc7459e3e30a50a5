import type { Entity, VendorRecord } from '../data/entities.js';
import type { Source } from '../data/source.js';
import { readVendorTime } from '../data/timestamps.js';

/**
 * The records of one entity: base records made on demand, and an object for each that was changed or added.
 * Every change is noted in a journal, by which the sorted indexes catch up.
 */
export class EntityTable {
  readonly entity: Entity;
  readonly source: Source;
  /** Slots whose record or time changed, in order. Indexes remember how far they have read. */
  readonly journal: number[] = [];
  readonly #overrides = new Map<number, VendorRecord>();
  readonly #updatedMs = new Map<number, number>();
  readonly #removed = new Set<number>();
  #slots: number;

  constructor(entity: Entity, source: Source) {
    this.entity = entity;
    this.source = source;
    this.#slots = source.size;
  }

  /** How many slots exist, deleted ones included. */
  get slots(): number {
    return this.#slots;
  }

  /** How many records the vendor still has. */
  get size(): number {
    return this.#slots - this.#removed.size;
  }

  /** The ids of deleted records, in order of deletion. */
  get removedIds(): string[] {
    return Array.from(this.#removed, (slot) => this.source.ids.idOf(slot));
  }

  isLive(slot: number): boolean {
    return slot < this.#slots && !this.#removed.has(slot);
  }

  /** The slot of an id, deleted or not; undefined for an id this table never gave. */
  slotOf(id: string): number | undefined {
    const slot = this.source.ids.slotOf(id);
    return slot !== undefined && slot < this.#slots ? slot : undefined;
  }

  /** The live slots in the order of creation. */
  *liveSlots(): Generator<number> {
    for (let slot = 0; slot < this.#slots; slot++) if (!this.#removed.has(slot)) yield slot;
  }

  isChanged(slot: number): boolean {
    return this.#overrides.has(slot);
  }

  /** The record's own fields. The object may be shared: copy it before changing it. */
  read(slot: number): VendorRecord {
    return this.#overrides.get(slot) ?? this.source.derive(slot);
  }

  /** When the record was last changed, also where a poisoned `updated_at` no longer says so. */
  updatedMs(slot: number): number {
    return this.#updatedMs.get(slot) ?? this.source.updatedMs(slot);
  }

  createdMs(slot: number): number {
    const override = this.#overrides.get(slot);
    return readVendorTime(override?.created_at) ?? this.source.createdMs(slot);
  }

  /** Replaces a record. Its time is the one given, or the one its `updated_at` tells. */
  write(slot: number, record: VendorRecord, updatedMs = readVendorTime(record.updated_at)): void {
    this.#overrides.set(slot, record);
    if (updatedMs !== undefined) this.#updatedMs.set(slot, updatedMs);
    this.journal.push(slot);
  }

  /** Notes that what an index knows of a slot may have changed, although its record did not. */
  noteChange(slot: number): void {
    this.journal.push(slot);
  }

  /** Takes the next free slot for a record to be added. The slot is live once it is written. */
  claim(): number {
    return this.#slots++;
  }

  remove(slot: number): void {
    this.#removed.add(slot);
    this.journal.push(slot);
  }

  restore(slot: number): void {
    this.#removed.delete(slot);
    this.journal.push(slot);
  }
}
