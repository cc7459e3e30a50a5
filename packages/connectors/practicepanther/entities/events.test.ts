import { mapRecord } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { events } from './events.js';

const closing = {
  id: '0d6c3d61-0004-4d49-9c3d-8b3c1c1a0009',
  account_ref: null,
  matter_ref: { id: 'b7c3a6c2-9f34-4f3a-8d54-3c1c7b1a0003', display_name: '1107 - Harbour Foods - Lease' },
  subject: 'Closing',
  location: 'Office',
  notes: null,
  is_all_day: false,
  start_date_time: '2025-07-10T17:00:00',
  end_date_time: '2025-07-10T18:00:00',
  tags: [],
  assigned_to_users: [{ id: 'u1', display_name: 'Ann Attorney', email_address: 'ann@firm.example' }],
  assigned_to_contacts: [{ id: 'c1', display_name: 'Maria Quinn', account_ref: { id: 'a1' } }],
  created_at: '2025-06-25T16:00:00',
  updated_at: '2025-06-25T16:00:00',
};
const map = (raw: unknown) => mapRecord(events.mapping, raw);

describe('an event', () => {
  it('becomes a row', () => {
    expect(map(closing)).toEqual({
      ok: {
        key: closing.id,
        sourceUpdatedAt: '2025-06-25T16:00:00.000Z',
        values: {
          pp_matter_id: 'b7c3a6c2-9f34-4f3a-8d54-3c1c7b1a0003',
          pp_account_id: undefined,
          subject: 'Closing',
          location: 'Office',
          notes: null,
          is_all_day: false,
          starts_at: '2025-07-10T17:00:00.000Z',
          ends_at: '2025-07-10T18:00:00.000Z',
          assigned_to: closing.assigned_to_users,
          assigned_contacts: closing.assigned_to_contacts,
          tags: [],
        },
        flags: [],
        raw: closing,
      },
    });
  });

  it('of a whole day keeps the instant: the firm’s noon is not cut down to a date of ours', () => {
    const day = { is_all_day: true, start_date_time: '2025-12-31T20:00:00', end_date_time: '2025-12-31T20:00:00' };
    expect(map({ ...closing, ...day })).toMatchObject({
      ok: { values: { is_all_day: true, starts_at: '2025-12-31T20:00:00.000Z' } },
    });
  });

  it('may lack all but the id', () => {
    const empty = Object.fromEntries(Object.keys(closing).map((field) => [field, null]));
    for (const bare of [{ id: 'e' }, { ...empty, id: 'e' }]) {
      expect(map(bare)).toMatchObject({ ok: { values: { starts_at: null, ends_at: null }, flags: [] } });
    }
  });

  it('with bad times is kept without them, flagged', () => {
    expect(map({ ...closing, start_date_time: '2025-02-30T10:00:00', end_date_time: 'later' })).toMatchObject({
      ok: {
        values: { starts_at: null, ends_at: null },
        flags: [
          { field: 'start_date_time', code: 'BAD_DATE' },
          { field: 'end_date_time', code: 'BAD_DATE' },
        ],
      },
    });
  });

  it.each([
    ['is_all_day', { is_all_day: 'no' }],
    ['start_date_time', { start_date_time: 20250710 }],
    ['assigned_to_contacts', { assigned_to_contacts: 'Maria' }],
  ])('with a wrong %s is rejected, naming it', (field, wrong) => {
    expect(map({ ...closing, ...wrong })).toMatchObject({ rejected: { key: closing.id, field } });
  });
});
