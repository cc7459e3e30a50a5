import type { Entity, VendorRecord } from '../data/entities.js';
import { formatVendorTime } from '../data/timestamps.js';
import { type ChangeContext, stamp } from './record-changes.js';
import { fieldOf } from './sort-order.js';
import type { Tables } from './tables.js';

/**
 * Adds a record, created at the vendor's now. `fields` override what the seed gives it; `parent` is the slot of the
 * account (for contacts and matters) or of the matter (for tasks) it belongs to.
 */
export function addRecord(context: ChangeContext, entity: Entity, fields: VendorRecord = {}, parent?: number): number {
  switch (entity) {
    case 'accounts':
      return addAccount(context, fields);
    case 'contacts':
      return addContact(context, fields, parent ?? firstLive(context.tables, 'accounts'));
    case 'matters':
      return insert(context, 'matters', { account_ref: referenceTo(context.tables, 'accounts', parent), ...fields });
    case 'tasks':
      return addTask(context, fields, parent);
    case 'users':
      return insert(context, 'users', fields);
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

function addTask(context: ChangeContext, fields: VendorRecord, parent: number | undefined): number {
  const { tables } = context;
  if (parent === undefined) return insert(context, 'tasks', { account_ref: null, matter_ref: null, ...fields });
  const account_ref = fieldOf(tables.of.matters.read(parent), 'account_ref');
  return insert(context, 'tasks', { account_ref, matter_ref: referenceTo(tables, 'matters', parent), ...fields });
}

/** Writes a new record of an entity that has times of its own. */
function insert(context: ChangeContext, entity: Entity, fields: VendorRecord): number {
  const table = context.tables.of[entity];
  const slot = table.claim();
  const now = formatVendorTime(context.clock.nowMs());
  table.write(slot, { ...table.source.derive(slot), created_at: now, updated_at: now, ...fields });
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
