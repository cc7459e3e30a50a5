import { describe, expect, it } from 'vitest';
import { readSelection, type SelectionRequest, selectionRequest } from './read-selection.js';

const now = new Date('2025-06-10T12:00:00Z');
const read = (asked: SelectionRequest) => readSelection(selectionRequest.parse(asked), true, now);

describe('a span', () => {
  it.each<[string, SelectionRequest, object]>([
    [
      'of days includes the last one, to its end',
      { from: '2025-06-01', to: '2025-06-01' },
      { from: '2025-06-01T00:00:00.000Z', to: '2025-06-01T23:59:59.999Z' },
    ],
    [
      'may end today',
      { from: '2025-06-10', to: '2025-06-10' },
      { from: '2025-06-10T00:00:00.000Z', to: '2025-06-10T23:59:59.999Z' },
    ],
    [
      'without an end goes up to now',
      { from: '2025-06-01T02:00:00.5+02:00' },
      { from: '2025-06-01T00:00:00.500Z', to: null },
    ],
    [
      'may be a moment',
      { from: '2025-06-01T00:00Z', to: '2025-06-01T00:00:00Z' },
      { from: '2025-06-01T00:00:00.000Z', to: '2025-06-01T00:00:00.000Z' },
    ],
    [
      'may end a little ahead, where another clock is',
      { from: '2025-06-01', to: '2025-06-10T12:04:59Z' },
      { from: '2025-06-01T00:00:00.000Z', to: '2025-06-10T12:04:59.000Z' },
    ],
  ])('%s', (_what, asked, meant) => {
    expect(read(asked)).toEqual(meant);
  });
});

describe('a selection is refused, with what to change,', () => {
  it.each<[string, SelectionRequest, string, RegExp]>([
    ['that is empty', {}, 'selection', /give id or ids, or from/],
    ['by ids and by time', { id: 'a', from: '2025-06-01' }, 'selection', /or from and to/],
    ['by id and by ids', { id: 'a', ids: ['b'] }, 'selection.id', /put it into ids/],
    ['without a beginning', { to: '2025-06-01' }, 'selection.from', /is missing/],
    ['that ends before it begins', { from: '2025-06-02', to: '2025-06-01' }, 'selection.from', /is after to/],
    ['that begins in the future', { from: '2025-06-11' }, 'selection.from', /has not come/],
    ['that ends in the future', { from: '2025-06-01', to: '2025-06-11' }, 'selection.to', /leave it out/],
  ])('%s', (_what, asked, field, message) => {
    expect(() => read(asked)).toThrow(
      expect.objectContaining({ code: 'VALIDATION_FAILED', field, message: expect.stringMatching(message) }),
    );
  });

  it.each<[string, object, string]>([
    ['with a field that nobody knows', { form: '2025-06-01' }, ''],
    ['with a time that has no zone', { from: '2025-06-01T09:00:00' }, 'from'],
    ['with a day that there is not', { from: '2025-02-30' }, 'from'],
    ['with other words for a time', { from: 'yesterday' }, 'from'],
    ['with an empty id', { id: ' ' }, 'id'],
    ['with no id', { ids: [] }, 'ids'],
    ['with more ids than there may be', { ids: Array.from({ length: 101 }, String) }, 'ids'],
  ])('%s', (_what, asked, field) => {
    const { error } = selectionRequest.safeParse(asked);
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([field]);
  });
});
