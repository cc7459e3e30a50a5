import type { Layer } from '../call.js';
import type { LaneMeter } from './lane-meter.js';

/** Measures each attempt by itself: right around the exchange, so that no wait for anything counts. */
export function withMeter(meter: LaneMeter | undefined): Layer {
  if (meter === undefined) return (next) => next;
  return (next) => async (call) => {
    const startedAt = performance.now();
    let status: number | undefined;
    try {
      const response = await next(call);
      ({ status } = response);
      return response;
    } finally {
      meter.request(status, performance.now() - startedAt);
    }
  };
}
