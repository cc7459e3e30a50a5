import type { Recorder } from '@syncline/metrics';

const states = ['closed', 'open', 'half_open'] as const;
export type MetState = (typeof states)[number];

interface Met {
  readonly connector: string;
  readonly state: MetState;
  readonly at: number;
}

/** Whoever has work for a vendor comes by again before: no rest of a circuit is longer. What nobody asks about is not told. */
const keptMs = 3_600_000;

/** The circuits that this process has met. */
export interface CircuitsMet {
  note(key: string, connector: string, state: MetState): void;
}

/**
 * Tells `syncline_circuit_state` from here on. Those that were not closed when they were met are looked up at each scrape,
 * because another process may have closed them since; `stateOf` rejects when that is not possible, and nothing is told then.
 */
export function watchCircuits(
  recorder: Recorder,
  stateOf: (key: string) => Promise<MetState>,
  now: () => number = () => performance.now(),
): CircuitsMet {
  const met = new Map<string, Met>();
  const lookAgain = async ([key, { connector, state, at }]: [string, Met]): Promise<[string, MetState]> => {
    const current = state === 'closed' ? state : await stateOf(key);
    // Unless it was met again meanwhile. The time stays: nobody has work for it because of this look.
    if (met.get(key)?.at === at) met.set(key, { connector, state: current, at });
    return [connector, current];
  };
  recorder.watch('syncline_circuit_state', async () => {
    for (const [key, { at }] of met) if (at + keptMs < now()) met.delete(key);
    const counts = new Map<string, Record<MetState, number>>();
    for (const [connector, state] of await Promise.all([...met].map(lookAgain))) {
      const of = counts.get(connector) ?? { closed: 0, open: 0, half_open: 0 };
      of[state] += 1;
      counts.set(connector, of);
    }
    return [...counts].flatMap(([connector, of]) =>
      states.map((state) => ({ labels: { connector, state }, value: of[state] })),
    );
  });
  return {
    note: (key, connector, state) => void met.set(key, { connector, state, at: now() }),
  };
}
