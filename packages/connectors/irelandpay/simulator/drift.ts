import { die } from '../../simulation/dice.js';
import { dayAt } from './data/calendar.js';
import type { SimulatorStore } from './store.js';

/** Changes the data over time, seeded, until it is stopped. Which changes come is fixed; when, is up to the timer. */
export function startDrift(
  store: SimulatorStore,
  { seed, editsPerMinute }: { readonly seed: number; readonly editsPerMinute: number },
  nowMs: () => number,
): () => void {
  if (editsPerMinute <= 0) return () => undefined;
  const roll = die(seed, 'drift');
  let turn = 0;
  const timer = setInterval(() => {
    const merchants = store.visible();
    const merchant = merchants[roll(turn++) % Math.max(1, merchants.length)];
    if (merchant === undefined) return;
    if (turn % 3 === 0) store.edit(merchant.mid, `${merchant.name.split(' / ')[0]} / ${turn}`);
    else store.addBatch(merchant.mid, dayAt(nowMs()), 100 + (roll(turn) % 10_000));
  }, 60_000 / editsPerMinute);
  timer.unref();
  return () => clearInterval(timer);
}
