import { mapRecord } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { notes } from './notes.js';

const call = {
  id: '8a1b0a6d-0001-4b1e-9a11-5f1b1c1a0006',
  account_ref: { id: '5b1c2c0e-6a55-4c4e-9d57-0f0a4f1f0a01', display_name: 'Harbour Foods LLC' },
  matter_ref: { id: 'b7c3a6c2-9f34-4f3a-8d54-3c1c7b1a0003', display_name: '1107 - Harbour Foods - Lease' },
  subject: 'Call with landlord',
  note: '<p>Agreed terms.</p>',
  assigned_to_users: [{ id: 'u1', display_name: 'Ann Attorney', email_address: 'ann@firm.example' }],
  date: '2025-06-20T15:30:00',
  tags: ['call'],
  created_at: '2025-06-20T15:41:02.11',
  updated_at: '2025-06-20T15:41:02.11',
};
const map = (raw: unknown) => mapRecord(notes.mapping, raw);

describe('a note', () => {
  it('becomes a row', () => {
    expect(map(call)).toEqual({
      ok: {
        key: call.id,
        sourceUpdatedAt: '2025-06-20T15:41:02.110Z',
        values: {
          pp_matter_id: 'b7c3a6c2-9f34-4f3a-8d54-3c1c7b1a0003',
          pp_account_id: '5b1c2c0e-6a55-4c4e-9d57-0f0a4f1f0a01',
          subject: 'Call with landlord',
          body: '<p>Agreed terms.</p>',
          noted_at: '2025-06-20T15:30:00.000Z',
          assigned_to: call.assigned_to_users,
          tags: ['call'],
        },
        flags: [],
        raw: call,
      },
    });
  });

  it('may have a time with a zone, as the vendor’s own example has', () => {
    expect(map({ ...call, date: '2026-04-04T06:20:36.4090012+00:00' })).toMatchObject({
      ok: { values: { noted_at: '2026-04-04T06:20:36.409Z' }, flags: [] },
    });
  });

  it('need not belong to anything, and may lack all but the id', () => {
    const empty = Object.fromEntries(Object.keys(call).map((field) => [field, null]));
    for (const bare of [{ id: 'n' }, { ...empty, id: 'n' }]) {
      expect(map(bare)).toMatchObject({ ok: { values: { noted_at: null }, sourceUpdatedAt: null, flags: [] } });
    }
  });

  it('with a bad date is kept without it, flagged', () => {
    expect(map({ ...call, date: 'Friday' })).toMatchObject({
      ok: { values: { noted_at: null }, flags: [{ field: 'date', code: 'BAD_DATE' }] },
    });
  });

  it.each([
    ['subject', { subject: {} }],
    ['matter_ref.id', { matter_ref: { id: 5 } }],
    ['assigned_to_users.0.id', { assigned_to_users: [{ display_name: 'Ann' }] }],
    ['tags', { tags: 'call' }],
  ])('with a wrong %s is rejected, naming it', (field, wrong) => {
    expect(map({ ...call, ...wrong })).toMatchObject({ rejected: { key: call.id, field } });
  });
});
