import type { SimulatorStore } from './store/simulator-store.js';

/** What happens in the firm, in order, again and again: mostly edits, sometimes more. */
const ROUND = ['edit', 'edit', 'complete', 'edit', 'add', 'edit', 'edit', 'archive', 'edit', 'delete'] as const;

/** Where it happens; of a length that shares no factor with the round, so that all comes to all. */
const BUSY = ['contacts', 'matters', 'tasks', 'notes', 'emails', 'events', 'timeentries'] as const;

/** Changes the data over time, seeded, until it is stopped. Which changes come is fixed; when, is up to the timer. */
export function startDrift(store: SimulatorStore, options: { seed: number; editsPerMinute: number }): () => void {
  if (options.editsPerMinute <= 0) return () => undefined;
  let turn = 0;
  const timer = setInterval(() => {
    driftOnce(store, options.seed, turn++);
  }, 60_000 / options.editsPerMinute);
  timer.unref();
  return () => clearInterval(timer);
}

/** Makes the change of one turn. */
function driftOnce(store: SimulatorStore, seed: number, turn: number): void {
  const request = { seed: seed + turn };
  const entity = BUSY[turn % BUSY.length] ?? 'contacts';
  switch (ROUND[turn % ROUND.length]) {
    case 'complete':
      store.mutate({ ...request, completions: 1 });
      break;
    case 'add':
      store.mutate({ ...request, adds: { [entity]: 1 } });
      break;
    case 'archive':
      store.mutate({ ...request, archives: { matters: 1 } });
      break;
    case 'delete':
      store.mutate({ ...request, deletes: { [entity]: 1 } });
      break;
    default:
      store.mutate({ ...request, edits: { [entity]: 1 } });
  }
}
