import { mapRecord } from '@syncline/connector-kit';
import { describe, expect, it } from 'vitest';
import { tasks } from './tasks.js';

const reminder = {
  id: '3f0f1a52-52f5-4a1b-8a86-0e6b1c1a0005',
  account_ref: { id: '5b1c2c0e-6a55-4c4e-9d57-0f0a4f1f0a01', display_name: 'Harbour Foods LLC' },
  matter_ref: { id: 'b7c3a6c2-9f34-4f3a-8d54-3c1c7b1a0003', display_name: '1107 - Harbour Foods - Lease' },
  subject: '3-Day Reminder',
  notes: 'Form due',
  priority: 'High',
  status: 'NotCompleted',
  due_date: '2025-07-02T19:00:00',
  assigned_to_users: [],
  assigned_to_contacts: [],
  tags: [],
  created_at: '2025-06-28T22:49:47.203',
  updated_at: '2025-06-28T22:49:47.203',
};
const map = (raw: unknown) => mapRecord(tasks.mapping, raw);
const cases = (word: string) => [word, word.toUpperCase(), word.toLowerCase()];

describe('a task', () => {
  it('becomes a row', () => {
    expect(map(reminder)).toEqual({
      ok: {
        key: reminder.id,
        sourceUpdatedAt: '2025-06-28T22:49:47.203Z',
        values: {
          pp_matter_id: 'b7c3a6c2-9f34-4f3a-8d54-3c1c7b1a0003',
          pp_account_id: '5b1c2c0e-6a55-4c4e-9d57-0f0a4f1f0a01',
          title: '3-Day Reminder',
          description: 'Form due',
          status: 'PENDING',
          priority: 'HIGH',
          due_date: '2025-07-02T19:00:00.000Z',
        },
        flags: [],
        raw: reminder,
      },
    });
  });

  describe.each(
    Object.entries({
      PENDING: ['open', 'pending', 'NotCompleted'],
      IN_PROGRESS: ['in_progress', 'working', 'InProgress'],
      COMPLETED: ['completed', 'done'],
      CANCELLED: ['cancelled'],
      ON_HOLD: ['on_hold', 'Conditional'],
    }),
  )('is %s', (status, words) => {
    it.each(words)('when the vendor, or the guide, says %s in any case', (word) => {
      for (const said of cases(word)) {
        expect(map({ ...reminder, status: said })).toMatchObject({ ok: { values: { status }, flags: [] } });
      }
    });
  });

  describe.each(
    Object.entries({
      LOW: ['low'],
      MEDIUM: ['normal', 'medium'],
      HIGH: ['high'],
      URGENT: ['urgent', 'critical'],
    }),
  )('is of %s priority', (priority, words) => {
    it.each(words)('when the vendor, or the guide, says %s in any case', (word) => {
      for (const said of cases(word)) {
        expect(map({ ...reminder, priority: said })).toMatchObject({ ok: { values: { priority }, flags: [] } });
      }
    });
  });

  it('with words nobody has heard of keeps them, flagged', () => {
    expect(map({ ...reminder, status: 'Dreaming', priority: 'Whenever' })).toMatchObject({
      ok: {
        values: { status: 'Dreaming', priority: 'Whenever' },
        flags: [
          { field: 'status', code: 'UNKNOWN_VALUE', value: 'Dreaming' },
          { field: 'priority', code: 'UNKNOWN_VALUE', value: 'Whenever' },
        ],
      },
    });
  });

  it('made through the API may have no status, and it need not belong to a matter or an account', () => {
    const empty = Object.fromEntries(Object.keys(reminder).map((field) => [field, null]));
    for (const bare of [{ id: 't' }, { ...empty, id: 't' }]) {
      const outcome = map(bare);
      expect(outcome).toMatchObject({ ok: { values: { status: null, priority: null, due_date: null }, flags: [] } });
    }
  });

  it('with a bad due date is kept without it, flagged', () => {
    expect(map({ ...reminder, due_date: '2025-02-30T10:00:00' })).toMatchObject({
      ok: { values: { due_date: null }, flags: [{ field: 'due_date', code: 'BAD_DATE' }] },
    });
  });

  it.each([
    ['subject', { subject: {} }],
    ['matter_ref.id', { matter_ref: { id: 5 } }],
    ['due_date', { due_date: 1 }],
  ])('with a wrong %s is rejected, naming it', (field, wrong) => {
    expect(map({ ...reminder, ...wrong })).toMatchObject({ rejected: { key: reminder.id, field } });
  });
});
