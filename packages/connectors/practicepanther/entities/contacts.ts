import { defineEntity, optionalText } from '@syncline/connector-kit';
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

/**
 * People. The vendor gives contacts no timestamps; its `updated_since` works by their account's. Company and address
 * are the account's too, taken over by the link.
 */
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
  fetchPage: (request) => walkPage({ path: 'contacts', timed: false, archivable: true }, request),
  fetchOne: fetchFrom('contacts'),
});
