import { type Entity, PARENTS, perEntity, type VendorRecord } from '../data/entities.js';
import { addRecord } from './additions.js';
import { archiveRecord, completeTask, editRecord } from './edits.js';
import { mutate } from './mutate.js';
import type { MutationRequest, MutationResult } from './mutation-plan.js';
import { OrderedIndex } from './ordered-index.js';
import { type ChangeContext, changeFields, type FieldChange, stamp } from './record-changes.js';
import type { RecordRenderer } from './record-renderer.js';
import { removeRecord, restoreRecord } from './removals.js';
import { BY_TIME } from './sort-order.js';

/** The firm's data as the vendor has it: the truth that tests compare tables with, and the place to change it. */
export class SimulatorStore {
  readonly #context: ChangeContext;
  readonly #renderer: RecordRenderer;

  constructor(context: ChangeContext, renderer: RecordRenderer) {
    this.#context = context;
    this.#renderer = renderer;
  }

  /** How many records of each entity the vendor has now. */
  counts(): Record<Entity, number> {
    return perEntity((entity) => this.#context.tables.of[entity].size);
  }

  /** The current records, exactly as lists serve them. For many records prefer {@link texts}: this holds them all. */
  records(entity: Entity): VendorRecord[] {
    return Array.from(this.texts(entity), (text) => JSON.parse(text.toString()) as VendorRecord);
  }

  /** The current records as lists serve them, one JSON text at a time. */
  *texts(entity: Entity): Generator<Buffer> {
    for (const slot of this.#context.tables.of[entity].liveSlots()) yield this.#renderer.render(entity, slot);
  }

  /** One current record as served by its id, or undefined where it is unknown or deleted. */
  record(entity: Entity, id: string): VendorRecord | undefined {
    const text = this.text(entity, id);
    return text === undefined ? undefined : (JSON.parse(text) as VendorRecord);
  }

  /** The JSON text of one current record: what numbers beyond 2^53 really look like on the wire. */
  text(entity: Entity, id: string): string | undefined {
    const table = this.#context.tables.of[entity];
    const slot = table.slotOf(id);
    return slot === undefined || !table.isLive(slot) ? undefined : this.#renderer.renderOne(entity, slot).toString();
  }

  /** The ids of the current records, in order of creation. */
  ids(entity: Entity): string[] {
    const table = this.#context.tables.of[entity];
    return Array.from(table.liveSlots(), (slot) => table.source.ids.idOf(slot));
  }

  /** The ids of what was deleted and not restored, in order of deletion. */
  deletedIds(entity: Entity): string[] {
    return this.#context.tables.of[entity].removedIds;
  }

  /** Edits one record as a user of the vendor would; `updated_at` becomes the vendor's now. */
  edit(entity: Entity, id: string, seed = 1): void {
    editRecord(this.#context, entity, this.#slot(entity, id), seed);
  }

  /** What a custom field describes: the vendor says so by the list that it is in, not in the record. */
  scopeOf(id: string): unknown {
    return this.#context.tables.of.customfields.read(this.#slot('customfields', id)).scope;
  }

  /** Adds a record and gives its id. `parent` names the account (contacts, matters) or the matter (the rest) it is for. */
  add(entity: Entity, fields: VendorRecord = {}, parent?: string): string {
    const owner = PARENTS[entity] ?? 'accounts';
    const slot = addRecord(this.#context, entity, fields, parent === undefined ? undefined : this.#slot(owner, parent));
    return this.#context.tables.of[entity].source.ids.idOf(slot);
  }

  /** Deletes one record for good. */
  delete(entity: Entity, id: string): void {
    removeRecord(this.#context, entity, this.#slot(entity, id));
  }

  /** Brings a deleted record back under its id. */
  restore(entity: Entity, id: string): void {
    const table = this.#context.tables.of[entity];
    const slot = table.slotOf(id);
    if (slot === undefined || table.isLive(slot)) throw new Error(`No deleted record ${id} in ${entity}.`);
    restoreRecord(this.#context, entity, slot);
  }

  /** Completes one task. */
  complete(id: string): void {
    completeTask(this.#context, this.#slot('tasks', id));
  }

  /** Archives a matter, a client (by any of its contacts or its account), or a user. */
  archive(entity: Entity, id: string): void {
    archiveRecord(this.#context, entity, this.#slot(entity, id));
  }

  /** Changes or takes away fields of one record. Nothing is checked, so that records can be poisoned. */
  set(entity: Entity, id: string, change: FieldChange): void {
    changeFields(this.#context, entity, this.#slot(entity, id), change);
  }

  /**
   * Gives `count` records one and the same `updated_at` (default: the vendor's now), beginning `from` records into
   * the order by time. Returns their ids. Contacts share their accounts' time.
   */
  shareTimestamp(entity: Entity, count: number, options: { at?: Date; from?: number } = {}): string[] {
    const { tables, clock } = this.#context;
    const { from = 0, at = new Date(clock.nowMs()) } = options;
    const chosen = new OrderedIndex(tables, entity, BY_TIME).slots().slice(from, from + count);
    for (const slot of chosen) stamp(this.#context, entity, slot, at.getTime());
    return Array.from(chosen, (slot) => tables.of[entity].source.ids.idOf(slot));
  }

  /** Runs a seeded round of deletions, edits, completions, archivals and additions across entities. */
  mutate(request: MutationRequest): MutationResult {
    return mutate(this.#context, request);
  }

  #slot(entity: Entity, id: string): number {
    const table = this.#context.tables.of[entity];
    const slot = table.slotOf(id);
    if (slot === undefined || !table.isLive(slot)) throw new Error(`No record ${id} in ${entity}.`);
    return slot;
  }
}
