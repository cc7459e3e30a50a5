import type { SimulatorStore } from './store.js';

/** Changes the data over time, seeded, until it is stopped. Which changes come is fixed; when, is up to the timer. */
export function startDrift(store: SimulatorStore, options: { seed: number; editsPerMinute: number }): () => void {
  if (options.editsPerMinute <= 0) return () => undefined;
  let turn = 0;
  const timer = setInterval(() => {
    const seed = options.seed + turn++;
    if (turn % 12 === 0) store.mutate({ seed, trashes: 1 });
    else store.mutate(turn % 5 === 0 ? { seed, adds: 1 } : { seed, edits: 1 });
  }, 60_000 / options.editsPerMinute);
  timer.unref();
  return () => clearInterval(timer);
}
