import { mapRecord } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { users } from './users.js';

const ann = {
  id: '0c8a0f52-7d0e-4f0c-8c5f-6d8d9a1a0001',
  is_active: true,
  display_name: 'Ann Attorney',
  first_name: 'Ann',
  last_name: 'Attorney',
  middle_name: null,
  email: 'ann@firm.example',
  created_at: '2018-04-30T19:23:37.377',
  updated_at: '2025-07-17T21:52:14.663',
};
const map = (raw: unknown) => mapRecord(users.mapping, raw);

describe('a user', () => {
  it('becomes a row, in a table that is not the logins of an application', () => {
    expect(users.table.name).toBe('pp_users');
    expect(map(ann)).toEqual({
      ok: {
        key: ann.id,
        sourceUpdatedAt: '2025-07-17T21:52:14.663Z',
        values: {
          display_name: 'Ann Attorney',
          first_name: 'Ann',
          middle_name: null,
          last_name: 'Attorney',
          email: 'ann@firm.example',
          is_active: true,
        },
        flags: [],
        raw: ann,
      },
    });
  });

  it('may have left, and may lack all but the id', () => {
    expect(map({ ...ann, is_active: false })).toMatchObject({ ok: { values: { is_active: false } } });
    const empty = Object.fromEntries(Object.keys(ann).map((field) => [field, null]));
    for (const bare of [{ id: 'u' }, { ...empty, id: 'u' }]) {
      expect(map(bare)).toMatchObject({ ok: { key: 'u', sourceUpdatedAt: null, flags: [] } });
    }
  });

  it.each([
    ['id', { id: 7 }],
    ['is_active', { is_active: 'yes' }],
    ['email', { email: ['ann@firm.example'] }],
  ])('with a wrong %s is rejected, naming it', (field, wrong) => {
    expect(map({ ...ann, ...wrong })).toMatchObject({ rejected: { field } });
  });
});
