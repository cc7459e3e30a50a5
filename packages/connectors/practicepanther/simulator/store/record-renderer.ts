import { type Entity, perEntity, type VendorRecord } from '../data/entities.js';
import type { Quirks } from '../quirks.js';
import type { EntityTable } from './entity-table.js';
import { renderWithRaw } from './raw-json.js';
import type { Tables } from './tables.js';
import { TextCache } from './text-cache.js';

/** Turns records into the bytes the vendor serves, each once until it changes. */
export class RecordRenderer {
  readonly #tables: Tables;
  readonly #quirks: Quirks;
  readonly #cache: TextCache;
  /** How far each table's journal has been read: a changed record must not be served from the cache. */
  readonly #read = perEntity(() => 0);
  #look: string;

  constructor(tables: Tables, quirks: Quirks, cacheBytes: number) {
    this.#tables = tables;
    this.#quirks = quirks;
    this.#look = lookOf(quirks);
    this.#cache = new TextCache(cacheBytes);
  }

  /** The JSON of one record as lists serve it. */
  render(entity: Entity, slot: number): Buffer {
    this.#catchUp(entity);
    const known = this.#cache.get(entity, slot);
    if (known) return known;
    const text = Buffer.from(entity === 'accounts' ? this.#accountText(slot) : this.#ownText(entity, slot));
    this.#cache.set(entity, slot, text);
    return text;
  }

  /** The JSON of one record as it is served when it is asked for by its id: an email comes with its body then. */
  renderOne(entity: Entity, slot: number): Buffer {
    if (entity !== 'emails') return this.render(entity, slot);
    const table = this.#tables.of.emails;
    return Buffer.from(textOf(table, slot, table.read(slot)));
  }

  #catchUp(entity: Entity): void {
    const look = lookOf(this.#quirks);
    if (look !== this.#look) {
      this.#look = look;
      this.#cache.clear();
    }
    const { journal } = this.#tables.of[entity];
    for (; this.#read[entity] < journal.length; this.#read[entity]++) {
      this.#cache.forget(entity, journal[this.#read[entity]] as number);
    }
  }

  #ownText(entity: Entity, slot: number): string {
    const table = this.#tables.of[entity];
    return textOf(table, slot, this.#visible(entity, table.read(slot)));
  }

  #visible(entity: Entity, record: VendorRecord): VendorRecord {
    switch (entity) {
      case 'contacts':
        return this.#quirks.contactsWithoutStatus ? without(record, 'status') : record;
      case 'customfields':
        return without(record, 'scope');
      case 'emails':
        return this.#quirks.emailBodiesListed ? record : without(record, 'body_html');
      default:
        return record;
    }
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

/** The quirks that change how records look. */
function lookOf({ contactsWithoutStatus, emailBodiesListed }: Quirks): string {
  return `${contactsWithoutStatus} ${emailBodiesListed}`;
}

function textOf(table: EntityTable, slot: number, record: VendorRecord): string {
  return table.isChanged(slot) ? renderWithRaw(record) : JSON.stringify(record);
}

function without(record: VendorRecord, hidden: string): VendorRecord {
  const { [hidden]: _hidden, ...rest } = record;
  return rest;
}
