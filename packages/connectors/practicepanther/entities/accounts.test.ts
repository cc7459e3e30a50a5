import { mapRecord, parseJson } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { accounts } from './accounts.js';

const harbour = {
  id: '5b1c2c0e-6a55-4c4e-9d57-0f0a4f1f0a01',
  display_name: 'Harbour Foods LLC',
  number: 1042,
  company_name: 'Harbour Foods LLC',
  address_street_1: '12 Quay St',
  address_street_2: null,
  address_city: 'Portland',
  address_state: 'ME',
  address_country: 'United States',
  address_zip_code: '04101',
  tags: ['VIP'],
  company_custom_field_values: [],
  assigned_to_users: [],
  created_at: '2024-03-04T17:20:11.42',
  updated_at: '2025-06-02T15:01:09.377',
  notes: null,
  primary_contact: { id: '9d0f5a44-1e0c-4f8a-b6c1-2b7f6a1a0002', first_name: 'Maria' },
  other_contacts: [],
};
const map = (raw: unknown) => mapRecord(accounts.mapping, raw);

describe('an account', () => {
  it('becomes a row, with its address in one piece', () => {
    expect(map(harbour)).toEqual({
      ok: {
        key: harbour.id,
        sourceUpdatedAt: '2025-06-02T15:01:09.377Z',
        values: {
          display_name: 'Harbour Foods LLC',
          company_name: 'Harbour Foods LLC',
          number: '1042',
          address: {
            street_1: '12 Quay St',
            city: 'Portland',
            state: 'ME',
            zip_code: '04101',
            country: 'United States',
          },
          tags: ['VIP'],
          notes: null,
        },
        flags: [],
        raw: harbour,
      },
    });
  });

  it('may have nothing but an id', () => {
    expect(map({ id: 'a' })).toMatchObject({
      ok: { key: 'a', sourceUpdatedAt: null, values: { number: null, address: null }, flags: [] },
    });
    const empty = Object.fromEntries(Object.keys(harbour).map((field) => [field, null]));
    expect(map({ ...empty, id: 'a' })).toMatchObject({
      ok: { values: { company_name: null, address: null, tags: null } },
    });
  });

  it('has no address when all its parts are empty', () => {
    expect(map({ id: 'a', address_street_1: '', address_city: null })).toMatchObject({
      ok: { values: { address: null } },
    });
  });

  it('keeps a number that a double could not carry', () => {
    const { value } = parseJson('{"id":"a","number":9007199254740993}');
    expect(map(value)).toMatchObject({ ok: { values: { number: '9007199254740993' } } });
  });

  it.each([
    ['id', { id: null }],
    ['id', { id: 17 }],
    ['id', { id: '' }],
    ['id', { id: 'x'.repeat(201) }],
    ['display_name', { display_name: 7 }],
    ['number', { number: 'twelve' }],
    ['tags', { tags: 'VIP' }],
    ['tags.0', { tags: [1] }],
    ['updated_at', { updated_at: 1748876469 }],
  ])('with a wrong %s is rejected, naming it', (field, wrong) => {
    expect(map({ ...harbour, ...wrong })).toMatchObject({ rejected: { code: 'RECORD_INVALID', field } });
  });
});
