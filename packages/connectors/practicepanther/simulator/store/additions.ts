import { type Entity, hasTimes, type VendorRecord } from '../data/entities.js';
import { formatVendorTime, readVendorTime } from '../data/timestamps.js';
import { type ChangeContext, stamp } from './record-changes.js';
import { fieldOf } from './sort-order.js';
import type { Tables } from './tables.js';

/**
 * Adds a record, created at the vendor's now. `fields` override what the seed gives it; `parent` is the slot of the
 * account (for contacts and matters) or of the matter (for tasks, notes, emails, events, time entries) it belongs to.
 */
export function addRecord(context: ChangeContext, entity: Entity, fields: VendorRecord = {}, parent?: number): number {
  switch (entity) {
    case 'users':
    case 'customfields':
      return insert(context, entity, fields);
    case 'accounts':
      return addAccount(context, fields);
    case 'contacts':
      return addContact(context, fields, parent ?? firstLive(context.tables, 'accounts'));
    case 'matters':
      return insert(context, 'matters', { account_ref: referenceTo(context.tables, 'accounts', parent), ...fields });
    case 'events':
      return addActivity(context, entity, { ...soon(context), ...fields }, parent);
    default:
      return addActivity(context, entity, fields, parent);
  }
}

/** An account comes with its primary contact, as in the vendor's own form. */
function addAccount(context: ChangeContext, fields: VendorRecord): number {
  const account = insert(context, 'accounts', fields);
  addContact(context, {}, account);
  return account;
}

function addContact(context: ChangeContext, fields: VendorRecord, account: number | undefined): number {
  if (account === undefined) throw new Error('A contact needs an account to belong to, and there is none.');
  const { tables } = context;
  const slot = tables.of.contacts.claim();
  tables.members.join(slot, account);
  const { status } = tables.of.contacts.read(tables.members.contactsOf(account)[0] ?? slot);
  const record = {
    ...tables.of.contacts.source.derive(slot),
    status,
    account_ref: referenceTo(tables, 'accounts', account),
  };
  tables.of.contacts.write(slot, { ...record, ...fields });
  stamp(context, 'contacts', slot);
  return slot;
}

/** What happens on a matter, for the account of the matter; without one, on nothing. */
function addActivity(context: ChangeContext, entity: Entity, fields: VendorRecord, parent: number | undefined): number {
  const { tables } = context;
  if (parent === undefined) return insert(context, entity, { account_ref: null, matter_ref: null, ...fields });
  const account_ref = fieldOf(tables.of.matters.read(parent), 'account_ref');
  return insert(context, entity, { account_ref, matter_ref: referenceTo(tables, 'matters', parent), ...fields });
}

/** Nobody puts an event into the calendar years late: it begins tomorrow. */
function soon({ clock }: ChangeContext): VendorRecord {
  const start = clock.nowMs() + 86_400_000;
  return {
    is_all_day: false,
    start_date_time: formatVendorTime(start),
    end_date_time: formatVendorTime(start + 3_600_000),
  };
}

/** Writes a new record that is listed by a time of its own, whether it shows it or not. */
function insert(context: ChangeContext, entity: Entity, fields: VendorRecord): number {
  const table = context.tables.of[entity];
  const slot = table.claim();
  const nowMs = context.clock.nowMs();
  const now = formatVendorTime(nowMs);
  const times = hasTimes(entity) ? { created_at: now, updated_at: now } : {};
  const record = { ...table.source.derive(slot), ...times, ...fields };
  table.write(slot, record, hasTimes(entity) ? readVendorTime(record.updated_at) : nowMs);
  return slot;
}

function referenceTo(tables: Tables, entity: 'accounts' | 'matters', slot: number | undefined): VendorRecord | null {
  if (slot === undefined) return null;
  const { display_name } = tables.of[entity].read(slot);
  return { id: tables.of[entity].source.ids.idOf(slot), display_name };
}

function firstLive(tables: Tables, entity: Entity): number | undefined {
  for (const slot of tables.of[entity].liveSlots()) return slot;
  return undefined;
}
