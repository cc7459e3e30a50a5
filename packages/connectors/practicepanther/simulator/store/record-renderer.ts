import type { Entity, VendorRecord } from '../data/entities.js';
import type { Quirks } from '../quirks.js';
import { renderWithRaw } from './raw-json.js';
import type { Tables } from './tables.js';
import { TextCache } from './text-cache.js';

/** Turns records into the bytes the vendor serves, each once until it changes. */
export class RecordRenderer {
  readonly #tables: Tables;
  readonly #quirks: Quirks;
  readonly #cache: TextCache;
  /** How far each table's journal has been read: a changed record must not be served from the cache. */
  readonly #read: Record<Entity, number> = { users: 0, accounts: 0, contacts: 0, matters: 0, tasks: 0 };
  #withoutStatus: boolean;

  constructor(tables: Tables, quirks: Quirks, cacheBytes: number) {
    this.#tables = tables;
    this.#quirks = quirks;
    this.#withoutStatus = quirks.contactsWithoutStatus;
    this.#cache = new TextCache(cacheBytes);
  }

  /** The JSON of one record as it is served. */
  render(entity: Entity, slot: number): Buffer {
    this.#catchUp(entity);
    const known = this.#cache.get(entity, slot);
    if (known) return known;
    const text = Buffer.from(entity === 'accounts' ? this.#accountText(slot) : this.#ownText(entity, slot));
    this.#cache.set(entity, slot, text);
    return text;
  }

  #catchUp(entity: Entity): void {
    if (this.#quirks.contactsWithoutStatus !== this.#withoutStatus) {
      this.#withoutStatus = this.#quirks.contactsWithoutStatus;
      this.#cache.clear();
    }
    const { journal } = this.#tables.of[entity];
    for (; this.#read[entity] < journal.length; this.#read[entity]++) {
      this.#cache.forget(entity, journal[this.#read[entity]] as number);
    }
  }

  #ownText(entity: Entity, slot: number): string {
    const table = this.#tables.of[entity];
    const record = this.#visible(entity, table.read(slot));
    return table.isChanged(slot) ? renderWithRaw(record) : JSON.stringify(record);
  }

  #visible(entity: Entity, record: VendorRecord): VendorRecord {
    if (entity !== 'contacts' || !this.#withoutStatus) return record;
    const { status: _hidden, ...rest } = record;
    return rest;
  }

  /** An account carries its contacts in full; a test that overrides those fields wins over the nesting. */
  #accountText(slot: number): string {
    const record = this.#tables.of.accounts.read(slot);
    const [primary, ...others] = this.#tables.members
      .contactsOf(slot)
      .map((contact) => this.#ownText('contacts', contact));
    const nested: string[] = [];
    if (!('primary_contact' in record)) nested.push(`"primary_contact":${primary ?? 'null'}`);
    if (!('other_contacts' in record)) nested.push(`"other_contacts":[${others.join(',')}]`);
    const own = this.#ownText('accounts', slot).slice(0, -1);
    return `${own}${own === '{' || nested.length === 0 ? '' : ','}${nested.join(',')}}`;
  }
}
