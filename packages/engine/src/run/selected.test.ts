import { expect, it } from 'vitest';
import { priorityOf, scopeOf } from './selected.js';

it('who waits for records that he has named goes first; a span gives way to everything else', () => {
  expect(priorityOf({ mode: 'backfill', selection: { ids: ['a'] } })).toBe('incremental');
  expect(priorityOf({ mode: 'backfill', selection: { from: '2025-06-01T00:00:00.000Z', to: null } })).toBe('backfill');
  expect(priorityOf({ mode: 'full', selection: null })).toBe('full');
});

it('a scope lies between the bounds that were set for its run; nothing else has one', () => {
  const [lowerBound, upperBound] = [new Date('2025-06-01T00:00:00Z'), new Date('2025-07-01T00:00:00Z')];
  const selection = { scope: 'near', days: 15 };
  expect(scopeOf({ selection, lowerBound, upperBound })).toEqual({ name: 'near', from: lowerBound, to: upperBound });
  expect(() => scopeOf({ selection, lowerBound, upperBound: null })).toThrow(/no bounds/);
  expect(
    scopeOf({ selection: { from: '2025-06-01T00:00:00.000Z', to: null }, lowerBound, upperBound }),
  ).toBeUndefined();
  expect(scopeOf({ selection: null, lowerBound, upperBound })).toBeUndefined();
});
