import { expect, it } from 'vitest';
import { priorityOf } from './selected.js';

it('who waits for records that he has named goes first; a span gives way to everything else', () => {
  expect(priorityOf({ mode: 'backfill', selection: { ids: ['a'] } })).toBe('incremental');
  expect(priorityOf({ mode: 'backfill', selection: { from: '2025-06-01T00:00:00.000Z', to: null } })).toBe('backfill');
  expect(priorityOf({ mode: 'full', selection: null })).toBe('full');
});
