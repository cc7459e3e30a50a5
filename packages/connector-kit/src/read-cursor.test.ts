import { expect, it } from 'vitest';
import { z } from 'zod';
import { isSyncError } from './errors/sync-error.js';
import { readCursor } from './read-cursor.js';

const schema = z.object({ skip: z.number() });

it('a cursor is what was written', () => {
  expect(readCursor(schema, { skip: 3 })).toEqual({ skip: 3 });
});

it.each([{}, { skip: '3' }, { page: 3 }, null, 'text'])(
  'one of another release is said to be unreadable: %j',
  (cursor) => {
    try {
      readCursor(schema, cursor as never);
      expect.unreachable();
    } catch (error) {
      expect(isSyncError(error, 'CURSOR_UNREADABLE')).toBe(true);
    }
  },
);
