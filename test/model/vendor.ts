import type { Simulator } from '@syncline/connectors/practicepanther/simulator';
import { type FirmEntity, firmEntities } from './firm-entities.js';

/** A field that is text in every good record. */
const textField = { accounts: 'display_name', contacts: 'first_name', matters: 'name', tasks: 'subject' } as const;
const parents = { accounts: undefined, contacts: 'accounts', matters: 'accounts', tasks: 'matters' } as const;
const timed = ['accounts', 'matters', 'tasks'] as const;
const fewest = 3;

/** Postgres refuses this title, though the connector takes it. */
export const refusedTitle = 'no title for this database';

/**
 * What people do in the firm. The vendor publishes a change with a time up to `lagMs` before its present, but never with
 * one before the record's last: a clock that was set back does not make a record older.
 */
export class Vendor {
  /** Changes with a time so far before the latest present that no overlap promises to find them. */
  readonly beyond = new Set<string>();
  /** What has been deleted at some time, be it that it came back. */
  readonly everDeleted = new Set<string>();
  readonly #simulator: Simulator;
  readonly #overlapMs: number;
  readonly #times = new Map<string, number>();
  readonly #accountOf = new Map<string, string>();
  readonly #poisoned = new Map<string, FirmEntity>();
  #edited: { readonly entity: FirmEntity; readonly id: string } | undefined;
  #highMs: number;
  #seed = 0;

  constructor(simulator: Simulator, overlapMs: number) {
    this.#simulator = simulator;
    this.#overlapMs = overlapMs;
    this.#highMs = simulator.clock.nowMs();
    this.#publish(0);
    this.beyond.clear();
  }

  /** The latest that the vendor's clock has been. */
  get highMs(): number {
    return this.#highMs;
  }

  /** When a record was changed last; a contact has no time but its account's. */
  timeOf(entity: FirmEntity, id: string): number {
    if (entity === 'contacts') return this.timeOf('accounts', this.#accountOf.get(id) ?? '');
    return this.#times.get(`${entity} ${id}`) ?? 0;
  }

  advance(seconds: number): void {
    this.#simulator.clock.advance(seconds);
    this.#highMs = Math.max(this.#highMs, this.#simulator.clock.nowMs());
  }

  edit(entity: FirmEntity, which: number, lagMs = 0): void {
    const id = this.#pick(entity, which);
    if (this.#poisoned.has(id)) return;
    this.#simulator.store.edit(entity, id, this.#next());
    this.#edited = { entity, id };
    this.#publish(lagMs);
  }

  /** What was edited last is changed once more, and its time is the same as before. */
  retouch(): void {
    const { store } = this.#simulator;
    const { entity, id } = this.#edited ?? {};
    if (entity === undefined || id === undefined || this.#poisoned.has(id)) return;
    if (store.record(entity, id) === undefined) return;
    store.set(entity, id, { fields: { [textField[entity]]: `retouched ${this.#next()}` }, touch: false });
    this.#markIfBeyond(entity, id);
  }

  create(entity: FirmEntity, which: number, lagMs = 0): void {
    const parent = parents[entity];
    this.#simulator.store.add(entity, {}, parent && this.#pick(parent, which));
    this.#publish(lagMs);
  }

  delete(entity: FirmEntity, which: number): void {
    const { store } = this.#simulator;
    if (store.ids(entity).length <= fewest || store.ids('contacts').length <= fewest) return;
    const id = this.#pick(entity, which);
    store.delete(entity, id);
    this.#publish(0);
    this.#markIfBeyond(entity, id);
  }

  /** What was deleted last comes back under its id. */
  restore(entity: FirmEntity): void {
    const { store } = this.#simulator;
    const id = store.deletedIds(entity).at(-1);
    if (id === undefined) return;
    if (entity === 'contacts' && store.record('accounts', this.#accountOf.get(id) ?? '') === undefined) return;
    store.restore(entity, id);
    this.#publish(0);
    this.#markIfBeyond(entity, id);
  }

  /** The longest unchanged records all get one and the same time. */
  share(entity: FirmEntity, count: number): void {
    const { store, clock } = this.#simulator;
    const latest = Math.max(clock.nowMs(), ...this.#times.values());
    store.shareTimestamp(entity, count, { at: new Date(latest) });
    this.#publish(0, latest);
  }

  /** A record turns into one that cannot be synced: the connector refuses it, or else Postgres. */
  poison(entity: FirmEntity, which: number, byPostgres: boolean): void {
    const id = this.#pick(entity, which);
    const value = byPostgres && entity === 'tasks' ? refusedTitle : { not: 'text' };
    this.#simulator.store.set(entity, id, { fields: { [textField[entity]]: value } });
    this.#poisoned.set(id, entity);
    this.#publish(0);
  }

  /** Everything poisoned that is still there is put right. */
  mend(): void {
    const { store } = this.#simulator;
    for (const [id, entity] of this.#poisoned) {
      if (store.record(entity, id) === undefined) continue;
      store.set(entity, id, { fields: { [textField[entity]]: `mended ${this.#next()}` } });
      this.#poisoned.delete(id);
    }
    this.#publish(0);
  }

  /** No change leaves a record as it was before. */
  #next(): number {
    this.#seed += 1;
    return this.#seed;
  }

  #pick(entity: FirmEntity, which: number): string {
    const ids = this.#simulator.store.ids(entity);
    return ids[which % ids.length] ?? '';
  }

  /** Gives what was just changed its times. */
  #publish(lagMs: number, latest = this.#simulator.clock.nowMs()): void {
    const { store } = this.#simulator;
    for (const contact of store.records('contacts')) {
      const account = contact['account_ref'] as { id: string };
      this.#accountOf.set(String(contact['id']), account.id);
    }
    for (const entity of firmEntities)
      for (const id of store.deletedIds(entity)) this.everDeleted.add(`${entity} ${id}`);
    for (const entity of timed) {
      for (const record of store.records(entity)) {
        const key = `${entity} ${record['id']}`;
        const known = this.#times.get(key);
        const stamped = Date.parse(`${record['updated_at']}Z`);
        if (stamped === known) continue;
        const time = known === undefined && stamped < latest - lagMs ? stamped : Math.max(latest - lagMs, known ?? 0);
        this.#times.set(key, time);
        const text = new Date(time).toISOString().slice(0, -1);
        if (time !== stamped) store.set(entity, String(record['id']), { fields: { updated_at: text } });
        this.#markIfBeyond(entity, String(record['id']));
      }
    }
  }

  /** An account shows its contacts, and has the time for all of them: what one of them hides, all of them do. */
  #markIfBeyond(entity: FirmEntity, id: string): void {
    const account = entity === 'contacts' ? this.#accountOf.get(id) : entity === 'accounts' ? id : undefined;
    const time = account === undefined ? this.timeOf(entity, id) : this.timeOf('accounts', account);
    if (time >= this.#highMs - this.#overlapMs) return;
    this.beyond.add(`${entity} ${id}`);
    if (account === undefined) return;
    this.beyond.add(`accounts ${account}`);
    for (const [contact, its] of this.#accountOf) if (its === account) this.beyond.add(`contacts ${contact}`);
  }
}
