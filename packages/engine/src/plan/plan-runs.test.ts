import type { EntityState, PlannedRun } from '@syncline/store';
import { describe, expect, it } from 'vitest';
import { isTrailing, planRuns } from './plan-runs.js';

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
const plan = (asked: 'full' | 'incremental', state?: EntityState, since?: Date) =>
  planRuns(['orders'], asked, new Map(state === undefined ? [] : [['orders', state]]), settings, now, since)[0];

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

describe('a run that is asked for what changed since a time', () => {
  const own = new Date('2025-06-10T10:45:00Z');
  const early = new Date('2025-06-10T06:00:00Z');

  it('begins there, if it would begin later', () => {
    expect(plan('incremental', stateOf(), early)).toEqual({ ...plain, mode: 'incremental', lowerBound: early });
  });

  it.each(['2025-06-10T10:45:00.001Z', '2025-06-10T11:30:00Z', '2026-01-01T00:00:00Z'])(
    'begins where it would anyway, if that is before: %s',
    (since) => {
      expect(plan('incremental', stateOf(), new Date(since))).toMatchObject({ mode: 'incremental', lowerBound: own });
    },
  );

  it('may reach further back than the watermark may', () => {
    const since = new Date('2024-06-10T12:00:00Z');
    expect(plan('incremental', stateOf(), since)).toMatchObject({ mode: 'incremental', lowerBound: since });
  });

  it('is a full one where there is no watermark, or one that is too old; and where it is full, reads everything', () => {
    expect(plan('incremental', undefined, early)).toEqual({ ...plain, modeReason: 'no watermark yet' });
    expect(plan('incremental', stateOf({ watermark: new Date(0) }), early)).toMatchObject({ mode: 'full' });
    expect(plan('full', stateOf(), early)).toEqual(plain);
  });

  it('goes on where one was cut short that reaches as far back, and begins anew where none does', () => {
    const cutAt = (lowerBound: string) => {
      const continuation = { cursor: 1, mode: 'incremental', lowerBound, upperBound: null } as const;
      return plan('incremental', stateOf({ continuation }), early);
    };
    expect(cutAt(early.toISOString())).toMatchObject({ cursor: 1, lowerBound: early });
    expect(cutAt('2025-06-10T06:00:00.001Z')).toEqual({ ...plain, mode: 'incremental', lowerBound: early });
    const full = { cursor: 1, mode: 'full', lowerBound: null, upperBound: null } as const;
    expect(plan('incremental', stateOf({ continuation: full }), early)).toMatchObject({ cursor: 1, mode: 'full' });
  });
});

describe('an entity that has a history', () => {
  const past = (asked: 'full' | 'incremental', state?: EntityState, since?: Date) => {
    const states = new Map(state === undefined ? [] : [['orders', state]]);
    return planRuns(['orders'], asked, states, settings, now, since, new Set(['orders']))[0];
  };
  const beginning = new Date('2025-06-10T11:45:00Z');

  it('begins now, less the overlap, where there is no watermark, and leaves the rest to the history', () => {
    const run = past('incremental');
    expect(run).toMatchObject({ mode: 'incremental', lowerBound: beginning, recordsExpected: null });
    expect(run && isTrailing(run)).toBe(true);
    expect(past('incremental', undefined, new Date(0))).toMatchObject({ lowerBound: new Date(0) });
  });

  it('is read like any other where there is one, or all of it is asked for', () => {
    for (const state of [stateOf(), stateOf({ watermark: new Date(0) })]) {
      expect(past('incremental', state)).toEqual(plan('incremental', state));
    }
    expect(past('full')).toEqual(plain);
    expect(isTrailing(plan('incremental') ?? plain)).toBe(false);
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
