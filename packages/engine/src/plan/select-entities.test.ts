import type { Connector } from '@syncline/connector-kit';
import { expect, it } from 'vitest';
import { selectEntities } from './select-entities.js';

const parents = { accounts: [], contacts: ['accounts'], matters: ['contacts'], tasks: ['matters'], notes: [] };
const connector = {
  id: 'shop',
  entities: Object.entries(parents).map(([name, dependsOn]) => ({ name, dependsOn })),
} as unknown as Connector;

it.each([
  [[], ['accounts', 'contacts', 'matters', 'tasks', 'notes']],
  [['accounts'], ['accounts']],
  [['matters'], ['accounts', 'contacts', 'matters']],
  [
    ['notes', 'contacts'],
    ['accounts', 'contacts', 'notes'],
  ],
  [
    ['tasks', 'accounts', 'tasks'],
    ['accounts', 'contacts', 'matters', 'tasks'],
  ],
])('of %j, all they depend on comes along, parents first: %j', (asked, selected) => {
  expect(selectEntities(connector, asked)).toEqual(selected);
});

it('nothing asked for is everything', () => {
  expect(selectEntities(connector)).toEqual(Object.keys(parents));
});

it('a name that the connector does not have is refused', () => {
  expect(() => selectEntities(connector, ['accounts', 'invoices'])).toThrow(
    new RangeError('shop has no entity invoices'),
  );
});
