import type { EntityState, PlannedRun } from '@syncline/store';
import { describe, expect, it } from 'vitest';
import { planRuns } from './plan-runs.js';

const now = new Date('2025-06-10T12:00:00Z');
const settings = { overlapSeconds: 900, lookBackDays: 7 };
const fresh = new Date('2025-06-10T11:00:00Z');
const plain: PlannedRun = {
  entity: 'orders',
  mode: 'full',
  modeReason: null,
  lowerBound: null,
  upperBound: null,
  cursor: undefined,
  recordsExpected: null,
};
const stateOf = (over: Partial<EntityState> = {}): EntityState => ({
  entity: 'orders',
  watermark: fresh,
  lastFullRecords: null,
  continuation: null,
  ...over,
});
const plan = (asked: 'full' | 'incremental', state?: EntityState) =>
  planRuns(['orders'], asked, new Map(state === undefined ? [] : [['orders', state]]), settings, now)[0];

describe('an incremental run', () => {
  it('begins at the watermark, less the overlap', () => {
    const lowerBound = new Date('2025-06-10T10:45:00Z');
    expect(plan('incremental', stateOf())).toEqual({ ...plain, mode: 'incremental', lowerBound });
  });

  it('is a full one where there is no watermark, and says so', () => {
    const reason = { ...plain, modeReason: 'no watermark yet' };
    expect(plan('incremental')).toEqual(reason);
    expect(plan('incremental', stateOf({ watermark: null }))).toEqual(reason);
  });

  it('is a full one where the watermark is older than the look-back, and says so', () => {
    const [edge, beyond] = [new Date('2025-06-03T12:00:00Z'), new Date('2025-06-03T11:59:59.999Z')];
    expect(plan('incremental', stateOf({ watermark: edge }))).toMatchObject({ mode: 'incremental' });
    expect(plan('incremental', stateOf({ watermark: beyond, lastFullRecords: 5 }))).toEqual({
      ...plain,
      modeReason: 'watermark 2025-06-03T11:59:59.999Z is older than 7 days',
      recordsExpected: 5,
    });
  });

  it('trusts a watermark of the future: the vendor may have another clock', () => {
    const watermark = new Date('2025-06-10T12:15:00Z');
    expect(plan('incremental', stateOf({ watermark }))).toMatchObject({ mode: 'incremental', lowerBound: now });
  });
});

describe('a full run', () => {
  it('has no bound, whatever the watermark, and expects what the last one read', () => {
    expect(plan('full', stateOf({ lastFullRecords: 11_171 }))).toEqual({ ...plain, recordsExpected: 11_171 });
    expect(plan('full')).toEqual(plain);
  });
});

describe('a run that was cut short', () => {
  const continuation = {
    cursor: { skip: 99 },
    lowerBound: '2025-06-10T09:00:00.000Z',
    upperBound: '2025-06-10T10:00:00.000Z',
    scanId: 'a scan',
  };
  const goesOn = {
    entity: 'orders',
    modeReason: 'goes on where the last run was cut short',
    lowerBound: new Date(continuation.lowerBound),
    upperBound: new Date(continuation.upperBound),
    cursor: { skip: 99 },
    recordsExpected: null,
    scanId: 'a scan',
  };

  it.each([
    ['incremental', 'incremental'],
    ['incremental', 'full'],
    ['full', 'full'],
  ] as const)('goes on when asked for %s, if it was %s', (asked, mode) => {
    const state = stateOf({ continuation: { ...continuation, mode } });
    expect(plan(asked, state)).toEqual({ ...goesOn, mode });
  });

  it('goes on without bounds, and without a scan, if it had none', () => {
    const state = stateOf({ continuation: { cursor: 1, mode: 'full', lowerBound: null, upperBound: null } });
    expect(plan('full', state)).toMatchObject({ lowerBound: null, upperBound: null, cursor: 1, scanId: null });
  });

  it('is not enough when it was incremental and all is asked for', () => {
    expect(plan('full', stateOf({ continuation: { ...continuation, mode: 'incremental' } }))).toEqual(plain);
  });

  it('goes on even when the watermark is too old, or not there', () => {
    for (const watermark of [null, new Date(0)]) {
      const state = stateOf({ watermark, continuation: { ...continuation, mode: 'incremental' } });
      expect(plan('incremental', state)).toEqual({ ...goesOn, mode: 'incremental' });
    }
  });
});

it('every entity is planned by its own state, in the order given', () => {
  const states = new Map([['orders', stateOf()]]);
  const runs = planRuns(['customers', 'orders'], 'incremental', states, settings, now);
  expect(runs.map(({ entity, mode }) => [entity, mode])).toEqual([
    ['customers', 'full'],
    ['orders', 'incremental'],
  ]);
});
