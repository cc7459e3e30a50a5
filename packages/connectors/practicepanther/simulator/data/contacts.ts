import { die, oneIn } from '../../../simulation/dice.js';
import type { AccountSource } from './accounts.js';
import { customFields } from './custom-fields.js';
import { idSpace } from './identifiers.js';
import { isCompany, type Membership } from './membership.js';
import { fullName, type PersonName, people } from './people.js';
import type { Contact, ContactReference } from './record-shapes.js';
import type { Source } from './source.js';
import { emailOf, noteOf, phoneOf } from './texts.js';

/** The contacts of the firm, and what other records need to know of them. */
export interface ContactSource extends Source {
  reference(slot: number): ContactReference;
}

/** Makes the contacts. They have no times of their own: created and changed is when their account was. */
export function contactSource(seed: number, size: number, accounts: AccountSource, members: Membership): ContactSource {
  const ids = idSpace(seed, 'contacts');
  const own = people(seed, 'contact');
  const values = customFields(seed, 'contact');
  const phones = die(seed, 'contact phones');
  const email = die(seed, 'contact email');
  const note = die(seed, 'contact note');
  const asCompany = die(seed, 'contact as company');

  const isPrimary = (slot: number): boolean => members.startedAsPrimary(slot);

  function nameOf(slot: number): PersonName {
    const account = members.accountOf(slot);
    if (!isPrimary(slot)) return own(slot);
    if (!isCompany(account)) return accounts.person(account);
    // Firms often type the company's name where a person's last name belongs.
    return oneIn(3, asCompany(slot)) ? { first: null, middle: null, last: accounts.displayName(account) } : own(slot);
  }

  function derive(slot: number): Contact {
    const account = members.accountOf(slot);
    const name = nameOf(slot);
    return {
      id: ids.idOf(slot),
      account_ref: accounts.reference(account),
      is_primary_contact: isPrimary(slot),
      display_name: fullName(name),
      first_name: name.first,
      middle_name: name.middle,
      last_name: name.last,
      phone_mobile: phoneOf(phones(slot * 4)),
      phone_home: phoneOf(phones(slot * 4 + 1)),
      phone_fax: phoneOf(phones(slot * 4 + 2)),
      phone_work: phoneOf(phones(slot * 4 + 3)),
      email: emailOf(name.last, email(slot)),
      notes: noteOf(note(slot)),
      custom_field_values: values(slot, () => null),
      status: accounts.archived(account) ? 'Archived' : 'Active',
    };
  }

  return {
    size,
    ids,
    createdMs: (slot) => accounts.createdMs(members.accountOf(slot)),
    updatedMs: (slot) => accounts.updatedMs(members.accountOf(slot)),
    sortKey: (slot) => fullName(nameOf(slot)),
    derive,
    reference: (slot) => ({
      account_ref: accounts.reference(members.accountOf(slot)),
      id: ids.idOf(slot),
      display_name: fullName(nameOf(slot)),
    }),
  };
}
