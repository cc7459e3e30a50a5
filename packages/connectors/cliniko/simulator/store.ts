import { die, oneOf } from '../../simulation/dice.js';
import type { VendorClock } from '../../simulation/vendor-clock.js';
import type { Clinic, Row } from './data/clinic.js';
import { type Entity, isEntity, PATHS, perEntity, type VendorRecord } from './data/entities.js';
import { shownTime } from './data/times.js';

export interface FieldChange {
  /** New values; `undefined` takes the field away. Nothing is checked: poison is welcome. */
  readonly fields?: VendorRecord;
  /** Whether `updated_at` moves to the vendor's now. On unless given. */
  readonly touch?: boolean | undefined;
}

type Amounts = Partial<Record<Entity, number>>;
type IdsByEntity = Record<Entity, string[]>;

/** A round of changes: so many records of each kind, none of them twice. */
export interface MutationRequest {
  readonly seed?: number | undefined;
  readonly edits?: Amounts | undefined;
  readonly adds?: Amounts | undefined;
  readonly archives?: Amounts | undefined;
}

/** The clinic's records, and everything that can happen to them. */
export class SimulatorStore {
  readonly #clinic: Clinic;
  readonly #clock: VendorClock;
  readonly #removed: Record<Entity, Map<string, Row>> = perEntity(() => new Map());
  readonly #next: Record<Entity, number>;
  /** Counts changes: what is derived from the records holds until it moves. */
  version = 0;

  constructor(clinic: Clinic, clock: VendorClock) {
    this.#clinic = clinic;
    this.#clock = clock;
    this.#next = perEntity((entity) => clinic.rows[entity].size);
  }

  rows(entity: Entity): ReadonlyMap<string, Row> {
    return this.#clinic.rows[entity];
  }

  /** Ids of all records that there are, hidden ones too. */
  ids(entity: Entity): string[] {
    return [...this.rows(entity).keys()];
  }

  record(entity: Entity, id: string): VendorRecord | undefined {
    return this.rows(entity).get(id)?.record;
  }

  records(entity: Entity): VendorRecord[] {
    return [...this.rows(entity).values()].map(({ record }) => record);
  }

  counts(): Record<Entity, number> {
    return perEntity((entity) => this.rows(entity).size);
  }

  removedIds(entity: Entity): string[] {
    return [...this.#removed[entity].keys()];
  }

  set(entity: Entity, id: string, { fields = {}, touch = true }: FieldChange): void {
    const row = this.#row(entity, id);
    const merged: VendorRecord = { ...row.record, ...fields };
    row.record = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
    if (touch) this.#touch(row, this.#clock.nowMs());
    this.version += 1;
  }

  /** Changes a text that its kind has, and nothing else. */
  edit(entity: Entity, id: string, seed = 1): void {
    const text = `Edited ${seed} at ${this.#clock.nowMs()}`;
    this.set(entity, id, { fields: { [textField[entity]]: text } });
  }

  add(entity: Entity, fields: VendorRecord = {}): string {
    const at = this.#next[entity]++;
    const row = this.#clinic.make(entity, at, this.#clock.nowMs());
    // What is new is in use, whatever its number says.
    Object.assign(row.record, inUse(row.record), fields);
    const id = String(row.record['id']);
    this.#clinic.rows[entity].set(id, row);
    this.version += 1;
    return id;
  }

  archive(entity: Entity, id: string): void {
    this.set(entity, id, { fields: { archived_at: shownTime(this.#clock.nowMs()) } });
  }

  unarchive(entity: Entity, id: string): void {
    this.set(entity, id, { fields: { archived_at: null } });
  }

  cancel(entity: 'appointments' | 'attendees', id: string, reason = 50): void {
    this.set(entity, id, { fields: { cancelled_at: shownTime(this.#clock.nowMs()), cancellation_reason: reason } });
  }

  /** Makes one patient of two: the loser is archived and says into whom it was merged. */
  merge(loser: string, winner: string): void {
    const now = shownTime(this.#clock.nowMs());
    const merged_with_patient = { links: this.#row('patients', winner).record['links'] };
    this.set('patients', loser, { fields: { merged_at: now, archived_at: now, merged_with_patient } });
  }

  /** Takes a record out of sight, as when permissions are narrowed. The vendor itself deletes nothing. */
  remove(entity: Entity, id: string): void {
    this.#removed[entity].set(id, this.#row(entity, id));
    this.#clinic.rows[entity].delete(id);
    this.version += 1;
  }

  /** Brings a removed record back as it was. */
  restore(entity: Entity, id: string): void {
    const row = this.#removed[entity].get(id);
    if (row === undefined) throw new Error(`No ${entity} ${id} was removed.`);
    this.#removed[entity].delete(id);
    this.#clinic.rows[entity].set(id, row);
    this.version += 1;
  }

  /** Gives so many records, from the first on, one and the same second of change; to the vendor they still differ. */
  shareTimestamp(entity: Entity, count: number, { at }: { at?: Date | undefined } = {}): string[] {
    const ids = this.ids(entity).slice(0, count);
    const second = Math.floor((at?.getTime() ?? this.#clock.nowMs()) / 1_000) * 1_000;
    for (const [i, id] of ids.entries()) this.#touch(this.#row(entity, id), second + ((i * 7) % 1_000));
    this.version += 1;
    return ids;
  }

  /** The same for their creation, as an import leaves it behind. */
  shareCreation(entity: Entity, count: number, at: Date): string[] {
    const ids = this.ids(entity).slice(0, count);
    ids.forEach((id, i) => {
      const row = this.#row(entity, id);
      row.createdMs = Math.floor(at.getTime() / 1_000) * 1_000 + ((i * 7) % 1_000);
      row.record['created_at'] = shownTime(row.createdMs);
    });
    this.version += 1;
    return ids;
  }

  mutate({ seed = 1, edits = {}, adds = {}, archives = {} }: MutationRequest) {
    const chosen = perEntity(() => new Set<string>());
    const each = (amounts: Amounts, act: (entity: Entity, id: string) => void, what: string): IdsByEntity =>
      perEntity((entity) => {
        const roll = die(seed, `${what} ${entity}`);
        const ids: string[] = [];
        for (let turn = 0; ids.length < (amounts[entity] ?? 0); turn += 1) {
          const left = this.ids(entity).filter((id) => !chosen[entity].has(id));
          if (left.length === 0) break;
          const id = oneOf(left, roll(turn));
          chosen[entity].add(id);
          ids.push(id);
          act(entity, id);
        }
        return ids;
      });
    return {
      edited: each(edits, (entity, id) => this.edit(entity, id, seed), 'edit'),
      archived: each(archives, (entity, id) => this.archive(entity, id), 'archive'),
      added: perEntity((entity) => Array.from({ length: adds[entity] ?? 0 }, () => this.add(entity))),
    };
  }

  #row(entity: Entity, id: string): Row {
    const row = isEntity(entity) ? this.#clinic.rows[entity].get(id) : undefined;
    if (row === undefined) throw new Error(`No ${PATHS[entity]} ${id}.`);
    return row;
  }

  #touch(row: Row, ms: number): void {
    row.updatedMs = ms;
    row.record['updated_at'] = shownTime(ms);
  }
}

/** A text that every record of a kind has. */
const textField: Record<Entity, string> = {
  businesses: 'contact_information',
  practitioners: 'description',
  appointment_types: 'description',
  patients: 'notes',
  appointments: 'notes',
  group_appointments: 'notes',
  attendees: 'notes',
};

function inUse(record: VendorRecord): VendorRecord {
  const marks = ['archived_at', 'deleted_at', 'merged_at', 'merged_with_patient', 'cancelled_at'];
  return Object.fromEntries(marks.filter((mark) => mark in record).map((mark) => [mark, null]));
}
