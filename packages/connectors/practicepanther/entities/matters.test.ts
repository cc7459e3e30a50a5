import { mapRecord } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { matters } from './matters.js';

const lease = {
  id: 'b7c3a6c2-9f34-4f3a-8d54-3c1c7b1a0003',
  account_ref: { id: '5b1c2c0e-6a55-4c4e-9d57-0f0a4f1f0a01', display_name: 'Harbour Foods LLC' },
  number: 1107,
  display_name: '1107 - Harbour Foods - Lease',
  name: 'Harbour Foods - Lease',
  notes: 'per leg',
  rate: 'Flat Rate',
  open_date: '2025-05-12T19:00:00',
  close_date: null,
  statute_of_limitation_date: null,
  tags: [],
  status: 'Open',
  assigned_to_users: [],
  custom_field_values: [
    { custom_field_ref: { label: 'Purchase price', value_type: 'Currency' }, value_number: 412500.0 },
  ],
  created_at: '2025-05-12T20:44:53.393',
  updated_at: '2025-06-30T16:02:10.07',
};
const map = (raw: unknown) => mapRecord(matters.mapping, raw);

describe('a matter', () => {
  it('becomes an exchange', () => {
    expect(map(lease)).toEqual({
      ok: {
        key: lease.id,
        sourceUpdatedAt: '2025-06-30T16:02:10.070Z',
        values: {
          pp_account_id: '5b1c2c0e-6a55-4c4e-9d57-0f0a4f1f0a01',
          name: 'Harbour Foods - Lease',
          status: 'PENDING',
          start_date: '2025-05-12T19:00:00.000Z',
          close_date: null,
          exchange_value: null,
          notes: 'per leg',
        },
        flags: [],
        raw: lease,
      },
    });
  });

  it("takes its client from its account's primary contact", () => {
    expect(matters.table.references).toContainEqual({
      entity: 'contacts',
      from: 'pp_account_id',
      to: 'pp_account_id',
      where: 'is_primary',
      take: { client_id: 'id' },
    });
  });

  describe.each(
    Object.entries({
      PENDING: ['active', 'open', 'pending'],
      '45D': ['in_progress'],
      COMPLETED: ['closed', 'completed'],
      TERMINATED: ['cancelled', 'archived'],
    }),
  )('is %s', (status, words) => {
    it.each(words)('when the vendor, or the guide, says %s in any case', (word) => {
      for (const said of [word, word.toUpperCase(), `${word[0]?.toUpperCase()}${word.slice(1)}`]) {
        expect(map({ ...lease, status: said })).toMatchObject({ ok: { values: { status }, flags: [] } });
      }
    });
  });

  it('in a state nobody has heard of keeps the word, flagged', () => {
    expect(map({ ...lease, status: 'Dreaming' })).toMatchObject({
      ok: { values: { status: 'Dreaming' }, flags: [{ field: 'status', code: 'UNKNOWN_VALUE', value: 'Dreaming' }] },
    });
  });

  it('with a bad date is kept without it, flagged', () => {
    expect(map({ ...lease, open_date: '0000-00-00T00:00:00', close_date: 'soon' })).toMatchObject({
      ok: {
        values: { start_date: null, close_date: null },
        flags: [
          { field: 'open_date', code: 'BAD_DATE' },
          { field: 'close_date', code: 'BAD_DATE' },
        ],
      },
    });
  });

  it('may lack all but its id', () => {
    const empty = Object.fromEntries(Object.keys(lease).map((field) => [field, null]));
    for (const bare of [{ id: 'm' }, { ...empty, id: 'm' }]) {
      expect(map(bare)).toMatchObject({
        ok: { values: { status: null, start_date: null }, sourceUpdatedAt: null, flags: [] },
      });
    }
  });

  it.each([
    ['id', { id: undefined }],
    ['account_ref', { account_ref: 'Harbour' }],
    ['name', { name: ['x'] }],
    ['status', { status: 3 }],
    ['open_date', { open_date: 20250512 }],
  ])('with a wrong %s is rejected, naming it', (field, wrong) => {
    expect(map({ ...lease, ...wrong })).toMatchObject({ rejected: { field } });
  });
});
