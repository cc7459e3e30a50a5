import type { Entity } from '../data/entities.js';
import { type ChangeContext, changeFields, stamp } from './record-changes.js';

/**
 * Deletes a record for good, as the vendor does: it vanishes from lists and answers 404. An account takes its
 * contacts with it, since they live inside it; a contact's account counts as changed. Other records keep their
 * references to what is gone.
 */
export function removeRecord(context: ChangeContext, entity: Entity, slot: number): void {
  const { tables } = context;
  if (entity === 'accounts') {
    for (const contact of tables.members.contactsOf(slot)) tables.of.contacts.remove(contact);
  }
  if (entity === 'contacts') leaveAccount(context, slot);
  tables.of[entity].remove(slot);
}

/** Brings a deleted record back under its id. It counts as changed now; an account returns with its contacts. */
export function restoreRecord(context: ChangeContext, entity: Entity, slot: number): void {
  const { tables } = context;
  tables.of[entity].restore(slot);
  if (entity === 'contacts') {
    tables.members.join(slot, tables.members.accountOf(slot));
    markPrimary(context, slot);
  }
  if (entity === 'accounts') {
    for (const contact of tables.members.contactsOf(slot)) tables.of.contacts.restore(contact);
  }
  stamp(context, entity, slot);
}

/** Takes a contact out of its account; where it was the primary one, the next takes its place. */
function leaveAccount(context: ChangeContext, slot: number): void {
  const { members } = context.tables;
  const account = members.accountOf(slot);
  members.leave(slot);
  const heir = members.contactsOf(account)[0];
  if (heir !== undefined) markPrimary(context, heir);
  stamp(context, 'accounts', account);
}

function markPrimary(context: ChangeContext, slot: number): void {
  const { members, of } = context.tables;
  const primary = members.contactsOf(members.accountOf(slot))[0] === slot;
  if (of.contacts.read(slot).is_primary_contact === primary) return;
  changeFields(context, 'contacts', slot, { fields: { is_primary_contact: primary }, touch: false });
}
