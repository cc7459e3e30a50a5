import { mapRecord } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { contacts } from './contacts.js';

const maria = {
  id: '9d0f5a44-1e0c-4f8a-b6c1-2b7f6a1a0002',
  account_ref: { id: '5b1c2c0e-6a55-4c4e-9d57-0f0a4f1f0a01', display_name: 'Harbour Foods LLC' },
  is_primary_contact: true,
  display_name: 'Maria Quinn',
  first_name: 'Maria',
  middle_name: null,
  last_name: 'Quinn',
  phone_mobile: '(207) 555-0101',
  phone_home: null,
  phone_fax: null,
  phone_work: null,
  email: 'maria@harbour.example',
  notes: null,
  custom_field_values: [],
  status: 'Active',
};
const map = (raw: unknown) => mapRecord(contacts.mapping, raw);
const valuesOf = (raw: unknown) => {
  const outcome = map(raw);
  return 'ok' in outcome ? outcome.ok.values : outcome;
};

describe('a contact', () => {
  it('becomes a row; company and address come over the link to its account', () => {
    expect(map(maria)).toEqual({
      ok: {
        key: maria.id,
        sourceUpdatedAt: null,
        values: {
          pp_account_id: '5b1c2c0e-6a55-4c4e-9d57-0f0a4f1f0a01',
          is_primary: true,
          first_name: 'Maria',
          last_name: 'Quinn',
          email: 'maria@harbour.example',
          phone: '(207) 555-0101',
          status: 'Active',
        },
        flags: [],
        raw: maria,
      },
    });
    expect(contacts.table.references?.[0]?.take).toMatchObject({ company: 'company_name', address: 'address' });
  });

  it('is reached by mobile, else at work, else at home, else by fax', () => {
    const numbers = { phone_mobile: 'm', phone_work: 'w', phone_home: 'h', phone_fax: 'f' };
    for (const [field, first] of Object.entries(numbers)) {
      expect(valuesOf({ ...maria, ...numbers }), field).toMatchObject({ phone: first });
      Object.assign(numbers, { [field]: field.length % 2 === 0 ? '' : null });
    }
    expect(valuesOf({ ...maria, ...numbers })).toMatchObject({ phone: null });
  });

  it('may lack every name, the mail and the account, as the live data does', () => {
    const empty = Object.fromEntries(Object.keys(maria).map((field) => [field, null]));
    expect(valuesOf({ ...empty, id: 'c' })).toEqual({
      is_primary: false,
      phone: null,
      pp_account_id: undefined,
      first_name: null,
      last_name: null,
      email: null,
      status: null,
    });
    expect(valuesOf({ id: 'c' })).toMatchObject({ is_primary: false, phone: null });
  });

  it('of a company may have no first name, and no status as in 2025', () => {
    const { status: _, ...older } = { ...maria, first_name: null, last_name: 'Harbour Foods LLC' };
    expect(valuesOf(older)).toMatchObject({ first_name: null, last_name: 'Harbour Foods LLC', status: undefined });
  });

  it.each([
    ['account_ref', { account_ref: 'Harbour' }],
    ['account_ref.id', { account_ref: { display_name: 'Harbour' } }],
    ['is_primary_contact', { is_primary_contact: 'yes' }],
    ['email', { email: 42 }],
  ])('with a wrong %s is rejected, naming it', (field, wrong) => {
    expect(map({ ...maria, ...wrong })).toMatchObject({ rejected: { key: maria.id, field } });
  });
});
