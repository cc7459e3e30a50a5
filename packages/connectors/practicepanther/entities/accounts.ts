import { defineEntity, optionalDecimal, optionalText } from '@syncline/connector-kit';
import { z } from 'zod';
import { fetchFrom } from '../fetch-one.js';
import { walkPage } from '../page-walk.js';
import { tags, timestamps, vendorId } from '../shapes.js';

const account = z.object({
  id: vendorId,
  display_name: optionalText,
  number: optionalDecimal,
  company_name: optionalText,
  address_street_1: optionalText,
  address_street_2: optionalText,
  address_city: optionalText,
  address_state: optionalText,
  address_country: optionalText,
  address_zip_code: optionalText,
  tags,
  notes: optionalText,
  ...timestamps,
});

/** The firm's clients, people or companies. Company and address of a contact live here. */
export const accounts = defineEntity({
  name: 'accounts',
  dependsOn: [],
  table: {
    name: 'accounts',
    key: 'pp_account_id',
    raw: 'pp_data',
    columns: {
      display_name: 'text',
      company_name: 'text',
      number: 'text',
      address: 'jsonb',
      tags: 'jsonb',
      notes: 'text',
    },
  },
  mapping: {
    schema: account,
    key: (record) => record.id,
    updatedAt: (record) => record.updated_at,
    map: (record) => ({
      display_name: record.display_name,
      company_name: record.company_name,
      number: record.number,
      address: addressOf(record),
      tags: record.tags,
      notes: record.notes,
    }),
  },
  fetchPage: (request) => walkPage({ path: 'accounts', timed: true, archivable: false }, request),
  fetchOne: fetchFrom('accounts'),
});

function addressOf(record: z.infer<typeof account>): Record<string, string> | null {
  const parts = {
    street_1: record.address_street_1,
    street_2: record.address_street_2,
    city: record.address_city,
    state: record.address_state,
    zip_code: record.address_zip_code,
    country: record.address_country,
  };
  const given = Object.entries(parts).filter((part): part is [string, string] => Boolean(part[1]));
  return given.length === 0 ? null : Object.fromEntries(given);
}
