import { die, fraction, oneIn } from '../../../simulation/dice.js';

/** When the records of one entity were created and last changed, before any mutation. */
export interface Timeline {
  createdMs(slot: number): number;
  updatedMs(slot: number): number;
}

/** First and last instant of the base data. Fixed, so that a seed means the same bytes in any year. */
export const DATA_STARTS = Date.UTC(2023, 0, 1);
export const DATA_ENDS = Date.UTC(2026, 5, 1);

/**
 * Lays `size` records over the span. Every slot owns a stretch of it and was changed somewhere inside, so
 * `updatedMs` grows with the slot: the order by time needs no sorting. Creation goes freely before it.
 */
export function timeline(seed: number, name: string, size: number): Timeline {
  const stretch = (DATA_ENDS - DATA_STARTS) / Math.max(size, 1);
  const within = die(seed, `${name} changed`);
  const precision = die(seed, `${name} precision`);
  const before = die(seed, `${name} created`);
  const never = die(seed, `${name} never edited`);
  // A stretch keeps a second free at its start: rounding down then cannot reach the slot before.
  const room = Math.max(stretch - 1000, 0);

  function updatedMs(slot: number): number {
    const place = Math.min(slot, Math.max(size - 1, 0));
    const exact = Math.floor(DATA_STARTS + place * stretch + (stretch - room) + fraction(within(slot)) * room);
    return roundDown(exact, precision(slot));
  }

  function createdMs(slot: number): number {
    const updated = updatedMs(slot);
    if (oneIn(3, never(slot))) return updated;
    const exact = Math.floor(DATA_STARTS + fraction(before(slot)) * (updated - DATA_STARTS));
    return roundDown(exact, precision(slot + 1));
  }

  return { createdMs, updatedMs };
}

/** Some instants fall on whole seconds, tenths or hundredths, so that trimmed fractions are common. */
function roundDown(ms: number, roll: number): number {
  if (oneIn(12, roll)) return ms - (ms % 1000);
  if (oneIn(7, roll)) return ms - (ms % 100);
  return oneIn(5, roll) ? ms - (ms % 10) : ms;
}
