import type { Connector } from '@syncline/connector-kit';
import { expect, it } from 'vitest';
import { planSelection } from './plan-selection.js';

const fetchOne = () => undefined;
const connector = {
  id: 'shop',
  displayName: 'Shop',
  entities: [
    { name: 'customers', dependsOn: [], fetchOne },
    { name: 'orders', dependsOn: ['customers'] },
    { name: 'payments', dependsOn: ['orders'], fetchOne },
  ],
} as unknown as Connector;
const refusal = (message: RegExp) =>
  expect.objectContaining({
    code: 'VALIDATION_FAILED',
    field: 'selection',
    message: expect.stringMatching(message),
  });

it('records by their ids are a run of their entity, which brings nothing along', () => {
  const runs = planSelection(connector, ['payments'], { ids: ['p1', 'p2'] });
  expect(runs).toMatchObject([{ entity: 'payments', mode: 'backfill', recordsExpected: 2, lowerBound: null }]);
});

it('a span is read of an entity and what it depends on, or of all', () => {
  const span = { from: '2025-06-01T00:00:00.000Z', to: '2025-06-02T00:00:00.000Z' };
  const bounds = { mode: 'backfill', lowerBound: new Date(span.from), upperBound: new Date(span.to) };
  expect(planSelection(connector, ['orders'], span)).toMatchObject([
    { entity: 'customers', ...bounds },
    { entity: 'orders', ...bounds },
  ]);
  expect(
    planSelection(connector, [], { ...span, to: null }).map(({ entity, upperBound }) => [entity, upperBound]),
  ).toEqual([
    ['customers', null],
    ['orders', null],
    ['payments', null],
  ]);
});

it('ids need one entity, whose records can be asked for one by one', () => {
  for (const names of [[], ['customers', 'payments']]) {
    expect(() => planSelection(connector, names, { ids: ['a'] })).toThrow(refusal(/name it/));
  }
  expect(() => planSelection(connector, ['orders'], { ids: ['a'] })).toThrow(refusal(/from and to/));
  expect(() => planSelection(connector, ['bills'], { ids: ['a'] })).toThrow(RangeError);
});
