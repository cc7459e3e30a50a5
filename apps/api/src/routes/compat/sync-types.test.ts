import { connectors } from '@syncline/connectors';
import { expect, test } from 'vitest';
import { readSyncType, syncTypesOf } from './sync-types.js';

test("the guide's sync types are all there", () => {
  expect(syncTypesOf(connectors)).toEqual([
    ...['full', 'incremental', 'users', 'customfields', 'accounts', 'contacts', 'matters'],
    ...['tasks', 'notes', 'emails', 'events', 'timeentries'],
  ]);
});

test('an entity is incremental unless asked otherwise; full and incremental are all entities', () => {
  expect(readSyncType('contacts', undefined)).toEqual({ mode: 'incremental', entities: ['contacts'] });
  expect(readSyncType('contacts', 'full')).toEqual({ mode: 'full', entities: ['contacts'] });
  expect(readSyncType('full', undefined)).toEqual({ mode: 'full', entities: [] });
  expect(readSyncType('incremental', 'incremental')).toEqual({ mode: 'incremental', entities: [] });
});

test('a type that contradicts the mode is refused', () => {
  expect(() => readSyncType('full', 'incremental')).toThrow(
    expect.objectContaining({ code: 'VALIDATION_FAILED', field: 'mode' }),
  );
});
