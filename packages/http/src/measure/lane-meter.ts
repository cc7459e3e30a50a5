import type { Priority } from '@syncline/connector-kit';
import type { Recorder } from '@syncline/metrics';
import type { CircuitsMet, MetState } from './circuits-met.js';

/** What a lane tells of itself. There is none where nothing is measured. */
export interface LaneMeter {
  /** A permit was taken, after so long. */
  permit(waitedMs: number): void;
  /** None was to be had soon. */
  deferral(reason: 'window' | 'paused', waitMs: number): void;
  /** As the breaker met the circuit. */
  circuit(state: MetState): void;
  /** A call was not sent because of it. */
  keptBack(): void;
  /** One attempt has ended: with a status, or in another way. */
  request(status: number | undefined, ms: number): void;
}

/** Requests that belong to no connector. */
const unnamed = 'other';

/** The meter of a lane; undefined where nothing is measured. */
export function laneMeter(
  recorder: Recorder | undefined,
  met: CircuitsMet | undefined,
  lane: { readonly vendor?: string | undefined; readonly budgetKey: string; readonly priority: Priority },
): LaneMeter | undefined {
  if (recorder === undefined) return undefined;
  const { vendor: connector = unnamed, priority } = lane;
  return {
    permit(waitedMs) {
      recorder.count('syncline_budget_permits_total', { connector, priority });
      recorder.observe('syncline_budget_wait_seconds', { connector, priority }, waitedMs / 1_000);
    },
    deferral(reason, waitMs) {
      recorder.count('syncline_budget_deferrals_total', { connector, reason });
      recorder.count('syncline_budget_deferred_seconds_total', { connector, reason }, waitMs / 1_000);
    },
    circuit: (state) => met?.note(lane.budgetKey, connector, state),
    keptBack: () => recorder.count('syncline_circuit_refusals_total', { connector }),
    request(status, ms) {
      const outcome = outcomeOf(status);
      recorder.observe('syncline_vendor_request_duration_seconds', { connector, outcome }, ms / 1_000);
    },
  };
}

const classes = ['2xx', '3xx', '4xx', '5xx'] as const;

function outcomeOf(status: number | undefined): (typeof classes)[number] | '429' | 'failed' {
  if (status === 429) return '429';
  return classes[Math.floor((status ?? 0) / 100) - 2] ?? 'failed';
}
