import type { Connector } from '@syncline/connector-kit';
import { expect, it } from 'vitest';
import { planSelection } from './plan-selection.js';

const fetchOne = () => undefined;
const connector = {
  id: 'shop',
  displayName: 'Shop',
  entities: [
    { name: 'customers', dependsOn: [], fetchOne, scopes: ['recent'] },
    { name: 'orders', dependsOn: ['customers'] },
    { name: 'payments', dependsOn: ['orders'], fetchOne, scopes: ['recent'] },
  ],
} as unknown as Connector;
const now = new Date('2025-06-15T12:00:00Z');
const refusal = (message: RegExp) =>
  expect.objectContaining({
    code: 'VALIDATION_FAILED',
    field: 'selection',
    message: expect.stringMatching(message),
  });

it('records by their ids are a run of their entity, which brings nothing along', () => {
  const runs = planSelection(connector, ['payments'], { ids: ['p1', 'p2'] }, now);
  expect(runs).toMatchObject([{ entity: 'payments', mode: 'backfill', recordsExpected: 2, lowerBound: null }]);
});

it('a span is read of an entity and what it depends on, or of all', () => {
  const span = { from: '2025-06-01T00:00:00.000Z', to: '2025-06-02T00:00:00.000Z' };
  const bounds = { mode: 'backfill', lowerBound: new Date(span.from), upperBound: new Date(span.to) };
  expect(planSelection(connector, ['orders'], span, now)).toMatchObject([
    { entity: 'customers', ...bounds },
    { entity: 'orders', ...bounds },
  ]);
  expect(
    planSelection(connector, [], { ...span, to: null }, now).map(({ entity, upperBound }) => [entity, upperBound]),
  ).toEqual([
    ['customers', null],
    ['orders', null],
    ['payments', null],
  ]);
});

it('ids need one entity, whose records can be asked for one by one', () => {
  for (const names of [[], ['customers', 'payments']]) {
    expect(() => planSelection(connector, names, { ids: ['a'] }, now)).toThrow(refusal(/name it/));
  }
  expect(() => planSelection(connector, ['orders'], { ids: ['a'] }, now)).toThrow(refusal(/from and to/));
  expect(() => planSelection(connector, ['bills'], { ids: ['a'] }, now)).toThrow(RangeError);
});

it('a scope is read around the present, of what knows it among the entities named and those they depend on', () => {
  const bounds = {
    mode: 'backfill',
    lowerBound: new Date('2025-06-05T12:00:00Z'),
    upperBound: new Date('2025-06-25T12:00:00Z'),
  };
  const runs = planSelection(connector, ['payments'], { scope: 'recent', days: 10 }, now);
  expect(runs).toMatchObject([
    { entity: 'customers', ...bounds },
    { entity: 'payments', ...bounds },
  ]);
  expect(planSelection(connector, [], { scope: 'recent', days: 10 }, now)).toHaveLength(2);
});

it('a scope that an entity named does not know, or nothing knows, is refused', () => {
  const scope = (scope: string, ...names: string[]) => planSelection(connector, names, { scope, days: 10 }, now);
  expect(() => scope('recent', 'customers', 'orders')).toThrow(refusal(/orders cannot be read/));
  expect(() => scope('ancient')).toThrow(refusal(/nothing of Shop/));
  expect(() => scope('recent', 'bills')).toThrow(RangeError);
});
