import { addTo, defineEntity, optionalText, type Page, type PageRequest } from '@syncline/connector-kit';
import { z } from 'zod';
import { fetchFrom } from '../fetch-one.js';
import { walkPage } from '../page-walk.js';
import { reference, vendorId } from '../shapes.js';

const contact = z.object({
  id: vendorId,
  account_ref: reference,
  is_primary_contact: z.boolean().nullish(),
  first_name: optionalText,
  last_name: optionalText,
  email: optionalText,
  phone_mobile: optionalText,
  phone_work: optionalText,
  phone_home: optionalText,
  phone_fax: optionalText,
  status: optionalText,
});

/** People. Company and address are their account's, taken over by the link. */
export const contacts = defineEntity({
  name: 'contacts',
  dependsOn: ['accounts'],
  table: {
    name: 'contacts',
    key: 'pp_contact_id',
    raw: 'pp_data',
    columns: {
      pp_account_id: 'text',
      is_primary: 'boolean',
      first_name: 'text',
      last_name: 'text',
      email: 'text',
      phone: 'text',
      status: 'text',
    },
    references: [
      {
        entity: 'accounts',
        from: 'pp_account_id',
        to: 'pp_account_id',
        take: { account_id: 'id', company: 'company_name', address: 'address' },
      },
    ],
  },
  mapping: {
    schema: contact,
    key: (record) => record.id,
    map: (record) => ({
      pp_account_id: record.account_ref?.id,
      is_primary: record.is_primary_contact ?? false,
      first_name: record.first_name,
      last_name: record.last_name,
      email: record.email,
      phone: record.phone_mobile || record.phone_work || record.phone_home || record.phone_fax || null,
      status: record.status,
    }),
  },
  fetchPage: (request) =>
    request.since === undefined
      ? walkPage({ path: 'contacts', timed: false, archivable: true }, request)
      : contactsOfChangedAccounts(request),
  fetchOne: fetchFrom('contacts'),
});

/**
 * Contacts have no time of change. What the vendor does say is that its accounts' `updated_at` is there to sync contacts
 * by, and an account carries its contacts in full; what `updated_since` of the list of contacts goes by, it says nowhere.
 * So changed contacts are read where their change is sure to show, and in the order of time.
 */
async function contactsOfChangedAccounts(request: PageRequest): Promise<Page> {
  const page = await walkPage({ path: 'accounts', timed: true, archivable: false }, request);
  return { ...page, records: page.records.flatMap(contactsIn) };
}

/** What is no contact is handed over as well: it becomes a failed item, instead of a change that nobody saw. */
function contactsIn(account: unknown): unknown[] {
  const { id, display_name, primary_contact, other_contacts } = (account ?? {}) as Record<string, unknown>;
  const others = Array.isArray(other_contacts) ? other_contacts : [other_contacts];
  return [primary_contact, ...others]
    .filter((contact) => contact !== null && contact !== undefined)
    .map((contact) => withAccount(contact, { id, display_name }));
}

/** Inside its account a contact need not say whose it is. */
function withAccount(contact: unknown, account: Readonly<Record<string, unknown>>): unknown {
  if (typeof contact !== 'object' || contact === null || Array.isArray(contact)) return contact;
  return addTo(contact, { account_ref: (contact as Record<string, unknown>)['account_ref'] ?? account });
}
