import { SyncError } from '@syncline/connector-kit';
import { describe, type Layer } from '../call.js';
import type { LaneMeter } from '../measure/lane-meter.js';
import { patienceMs } from '../redis/within-patience.js';
import type { Breaker, CircuitOptions } from './breaker.js';
import { type Outcome, outcomeOf } from './outcome.js';

/**
 * Sends nothing to a vendor that fails again and again, and tells the breaker how each call ended.
 * @throws SyncError CIRCUIT_OPEN, BUDGET_UNAVAILABLE; then nothing was sent
 */
export function withBreaker(breaker: Breaker, circuit: CircuitOptions, meter?: LaneMeter): Layer {
  return (next) => async (call) => {
    // Redis' patience on top, as for a permit: that long may pass until its answer is here.
    const passage = await breaker.enter(circuit, call.deadlineMs + patienceMs, call.signal);
    meter?.circuit(passage.state);
    if ('restMs' in passage) {
      meter?.keptBack();
      throw new SyncError('CIRCUIT_OPEN', undefined, {
        details: { ...describe(call), reason: passage.reason },
        resumeAt: new Date(Date.now() + passage.restMs),
      });
    }
    let outcome: Outcome = 'neither';
    try {
      const response = await next(call);
      outcome = 'success';
      return response;
    } catch (error) {
      outcome = outcomeOf(error);
      throw error;
    } finally {
      await passage.over(outcome);
      // Nobody may come by for long: what this call has closed is not to look half open until then.
      if (passage.state === 'half_open' && outcome === 'success') meter?.circuit('closed');
    }
  };
}
