import { ENTITIES } from './data/entities.js';
import type { SimulatorStore } from './store.js';

/** Changes the data over time, seeded, until it is stopped. Which changes come is fixed; when, is up to the timer. */
export function startDrift(store: SimulatorStore, options: { seed: number; editsPerMinute: number }): () => void {
  if (options.editsPerMinute <= 0) return () => undefined;
  let turn = 0;
  const timer = setInterval(() => {
    const entity = ENTITIES[turn % ENTITIES.length] ?? 'patients';
    const one = { [entity]: 1 };
    const seed = options.seed + turn++;
    if (turn % 10 === 0 && entity !== 'practitioners') store.mutate({ seed, archives: one });
    else store.mutate(turn % 4 === 0 ? { seed, adds: one } : { seed, edits: one });
  }, 60_000 / options.editsPerMinute);
  timer.unref();
  return () => clearInterval(timer);
}
