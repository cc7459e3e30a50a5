import { connectors } from '@syncline/connectors';
import { expect, test } from 'vitest';
import { readOrder, syncTypesOf } from './sync-types.js';

test("the guide's sync types are all there", () => {
  expect(syncTypesOf(connectors)).toEqual([
    ...['full', 'incremental', 'users', 'customfields', 'accounts', 'contacts', 'matters'],
    ...['tasks', 'notes', 'emails', 'events', 'timeentries'],
  ]);
});

const now = new Date('2025-06-10T12:00:00Z');
const read = (asked: Parameters<typeof readOrder>[0]) => readOrder(asked, now);
const refusalOf = (field: string) => expect.objectContaining({ code: 'VALIDATION_FAILED', field });

test('an entity is incremental unless asked otherwise; full and incremental are all entities', () => {
  expect(read({ syncType: 'contacts' })).toEqual({ mode: 'incremental', entities: ['contacts'] });
  expect(read({ syncType: 'contacts', mode: 'full' })).toEqual({ mode: 'full', entities: ['contacts'] });
  expect(read({ syncType: 'full' })).toEqual({ mode: 'full', entities: [] });
  expect(read({ syncType: 'incremental', mode: 'incremental' })).toEqual({ mode: 'incremental', entities: [] });
});

test('a type that contradicts the mode is refused', () => {
  expect(() => read({ syncType: 'full', mode: 'incremental' })).toThrow(refusalOf('mode'));
});

test('with a selection the type says of which entities, and there is no other mode', () => {
  const selection = { from: '2025-06-01', to: '2025-06-02T10:00:00+02:00' };
  const meant = { from: '2025-06-01T00:00:00.000Z', to: '2025-06-02T08:00:00.000Z' };
  for (const syncType of ['full', 'incremental']) {
    expect(read({ syncType, selection })).toEqual({ mode: 'backfill', entities: [], selection: meant });
  }
  expect(read({ syncType: 'tasks', selection })).toEqual({ mode: 'backfill', entities: ['tasks'], selection: meant });
  expect(() => read({ syncType: 'tasks', mode: 'full', selection })).toThrow(refusalOf('mode'));
});

test('ids are of one entity', () => {
  const selection = { ids: ['a', 'b', 'a'] };
  const ids = { mode: 'backfill', entities: ['tasks'], selection: { ids: ['a', 'b'] } };
  expect(read({ syncType: 'tasks', selection })).toEqual(ids);
  expect(read({ syncType: 'tasks', selection: { id: 'a' } })).toMatchObject({ selection: { ids: ['a'] } });
  for (const syncType of ['full', 'incremental']) {
    expect(() => read({ syncType, selection })).toThrow(refusalOf('syncType'));
  }
});
