import type { Recorder } from '@syncline/metrics';

const states = ['closed', 'open', 'half_open'] as const;
export type MetState = (typeof states)[number];

interface Met {
  readonly connector: string;
  readonly state: MetState;
  readonly until: number;
}

/** Whoever has work for a vendor comes by again before: no rest of a circuit is longer. What nobody asks about is not told. */
const keptMs = 600_000;

/** The circuits that this process has met, for as long as what it knows of them can be true. */
export interface CircuitsMet {
  note(key: string, connector: string, state: MetState): void;
}

/** Tells `syncline_circuit_state` from here on. */
export function watchCircuits(recorder: Recorder, now: () => number = () => performance.now()): CircuitsMet {
  const met = new Map<string, Met>();
  recorder.watch('syncline_circuit_state', () => {
    const counts = new Map<string, Record<MetState, number>>();
    for (const [key, { connector, state, until }] of met) {
      if (until < now()) {
        met.delete(key);
        continue;
      }
      const of = counts.get(connector) ?? { closed: 0, open: 0, half_open: 0 };
      of[state] += 1;
      counts.set(connector, of);
    }
    return [...counts].flatMap(([connector, of]) =>
      states.map((state) => ({ labels: { connector, state }, value: of[state] })),
    );
  });
  return {
    note: (key, connector, state) => void met.set(key, { connector, state, until: now() + keptMs }),
  };
}
