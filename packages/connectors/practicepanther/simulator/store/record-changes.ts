import type { VendorClock } from '../../../simulation/vendor-clock.js';
import { type Entity, hasTimes, type VendorRecord } from '../data/entities.js';
import { formatVendorTime } from '../data/timestamps.js';
import type { EntityTable } from './entity-table.js';
import type { Tables } from './tables.js';

/** What every change works on. */
export interface ChangeContext {
  readonly tables: Tables;
  readonly clock: VendorClock;
}

/** How a change of fields is to be made. */
export interface FieldChange {
  /** New values; `undefined` takes the field away, `{ $raw }` stands for JSON text. */
  fields?: VendorRecord;
  /** Fields to take away altogether. */
  remove?: readonly string[];
  /** Whether `updated_at` moves to the vendor's now. A contact moves its account's. On unless `fields` says it itself. */
  touch?: boolean;
}

/** Sets when a record was last changed; a contact has no time of its own, so its account's is set. */
export function stamp(context: ChangeContext, entity: Entity, slot: number, ms = context.clock.nowMs()): void {
  const { tables } = context;
  if (entity !== 'accounts' && entity !== 'contacts') {
    setTime(tables.of[entity], slot, ms);
    return;
  }
  const account = entity === 'accounts' ? slot : tables.members.accountOf(slot);
  setTime(tables.of.accounts, account, ms);
  noteContacts(tables, account);
}

/** Custom fields are listed by a time that they do not show. */
function setTime(table: EntityTable, slot: number, ms: number): void {
  const shown = hasTimes(table.entity) ? { updated_at: formatVendorTime(ms) } : {};
  table.write(slot, { ...table.read(slot), ...shown }, ms);
}

/** Changes fields of one record, poison included: nothing is checked. */
export function changeFields(context: ChangeContext, entity: Entity, slot: number, change: FieldChange): void {
  const { tables, clock } = context;
  const table = tables.of[entity];
  const { fields = {}, remove = [], touch = !('updated_at' in fields) } = change;
  const gone = new Set([...remove, ...Object.keys(fields).filter((name) => fields[name] === undefined)]);
  const merged: VendorRecord = { ...table.read(slot) };
  if (touch && hasTimes(entity)) merged.updated_at = formatVendorTime(clock.nowMs());
  Object.assign(merged, fields);
  table.write(slot, Object.fromEntries(Object.entries(merged).filter(([name]) => !gone.has(name))));
  if (touch && entity === 'customfields') stamp(context, entity, slot);
  if (entity === 'accounts') noteContacts(tables, slot);
  if (entity !== 'contacts') return;
  tables.of.accounts.noteChange(tables.members.accountOf(slot));
  if (touch) stamp(context, 'contacts', slot);
}

/** The contacts of an account are listed by the account's time: their places move with it. */
function noteContacts(tables: Tables, account: number): void {
  for (const contact of tables.members.contactsOf(account)) tables.of.contacts.noteChange(contact);
}
