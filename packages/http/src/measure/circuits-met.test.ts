import { type OpenMetrics, openMetrics } from '@syncline/metrics';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CircuitsMet, type MetState, watchCircuits } from './circuits-met.js';

const hour = 3_600_000;

let metrics: OpenMetrics;
let met: CircuitsMet;
let now: number;
/** How circuits stand by now, whoever has changed them. */
let fleet: Record<string, MetState>;
let asked: string[];
beforeEach(async () => {
  metrics = await openMetrics({ service: 'worker', version: '0', connectors: [] });
  [now, fleet, asked] = [0, {}, []];
  const stateOf = async (key: string) => {
    asked.push(key);
    const state = fleet[key];
    if (state === undefined) throw new Error('Redis is away');
    return state;
  };
  met = watchCircuits(metrics.recorder, stateOf, () => now);
});
afterEach(() => metrics.close());

const open = async () => /syncline_circuit_state\{connector="crm",state="open"\} (\d)/.exec(await metrics.text())?.[1];

describe('a circuit that this process has met', () => {
  it('is told as it was met, and until nobody has come by for an hour', async () => {
    expect(await open()).toBeUndefined();
    fleet = { one: 'open', two: 'open' };
    met.note('one', 'crm', 'open');
    met.note('two', 'crm', 'open');
    met.note('three', 'crm', 'closed');
    expect(await open()).toBe('2');
    now = hour - 1;
    met.note('one', 'crm', 'open');
    now = hour + 1;
    expect(await open()).toBe('1');
    now = 3 * hour;
    expect(await open()).toBeUndefined();
  });

  it('is looked up while it is not closed: another process may have closed it', async () => {
    fleet = { one: 'open' };
    met.note('one', 'crm', 'open');
    expect(await open()).toBe('1');
    fleet = { one: 'closed' };
    expect(await open()).toBe('0');
    asked = [];
    expect(await open()).toBe('0');
    expect(asked).toEqual([]);
  });

  it('is not told while that cannot be found out', async () => {
    met.note('one', 'crm', 'open');
    expect(await open()).toBeUndefined();
  });
});
