import { mapRecord, parseJson } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { timeEntries } from './time-entries.js';

const review = {
  id: '6be4b1c4-0005-4f40-8b53-9c4d1c1a0010',
  is_billable: true,
  is_billed: false,
  date: '2025-06-20T19:00:00',
  hours: 1.25,
  rate: 350.0,
  description: 'Review lease',
  private_notes: null,
  account_ref: { id: '5b1c2c0e-6a55-4c4e-9d57-0f0a4f1f0a01', display_name: 'Harbour Foods LLC' },
  matter_ref: { id: 'b7c3a6c2-9f34-4f3a-8d54-3c1c7b1a0003', display_name: '1107 - Harbour Foods - Lease' },
  billed_by_user_ref: { id: '0c8a0f52-7d0e-4f0c-8c5f-6d8d9a1a0001', display_name: 'Ann Attorney' },
  item_ref: { id: 'i1', name: 'Consultation' },
  task_code: 'L110',
  created_at: '2025-06-20T21:00:10.5',
  updated_at: '2025-06-20T21:00:10.5',
};
const map = (raw: unknown) => mapRecord(timeEntries.mapping, raw);

describe('a time entry', () => {
  it('becomes a row', () => {
    expect(map(review)).toEqual({
      ok: {
        key: review.id,
        sourceUpdatedAt: '2025-06-20T21:00:10.500Z',
        values: {
          pp_matter_id: 'b7c3a6c2-9f34-4f3a-8d54-3c1c7b1a0003',
          pp_account_id: '5b1c2c0e-6a55-4c4e-9d57-0f0a4f1f0a01',
          pp_user_id: '0c8a0f52-7d0e-4f0c-8c5f-6d8d9a1a0001',
          entry_date: '2025-06-20T19:00:00.000Z',
          hours: '1.25',
          rate: '350',
          is_billable: true,
          is_billed: false,
          description: 'Review lease',
          private_notes: null,
          pp_item_id: 'i1',
          item_name: 'Consultation',
          task_code: 'L110',
        },
        flags: [],
        raw: review,
      },
    });
  });

  it('is linked to whoever billed it', () => {
    expect(timeEntries.table.references).toContainEqual({
      entity: 'users',
      from: 'pp_user_id',
      to: 'pp_user_id',
      take: { user_id: 'id' },
    });
  });

  it('keeps hours and rates that a double could not carry', () => {
    const { value } = parseJson('{"id":"t","hours":0.1000000000000000055,"rate":9007199254740993.25}');
    expect(map(value)).toMatchObject({
      ok: { values: { hours: '0.1000000000000000055', rate: '9007199254740993.25' } },
    });
  });

  it('may lack all but the id', () => {
    const empty = Object.fromEntries(Object.keys(review).map((field) => [field, null]));
    for (const bare of [{ id: 't' }, { ...empty, id: 't' }]) {
      expect(map(bare)).toMatchObject({ ok: { values: { hours: null, rate: null, entry_date: null }, flags: [] } });
    }
  });

  it.each([
    ['hours', { hours: 'an hour' }],
    ['rate', { rate: '$350' }],
    ['is_billable', { is_billable: 1 }],
    ['billed_by_user_ref', { billed_by_user_ref: 'Ann' }],
    ['item_ref.id', { item_ref: { name: 'Consultation' } }],
  ])('with a wrong %s is rejected, naming it', (field, wrong) => {
    expect(map({ ...review, ...wrong })).toMatchObject({ rejected: { key: review.id, field } });
  });
});
