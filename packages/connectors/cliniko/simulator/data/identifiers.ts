import { die } from '../../../simulation/dice.js';
import type { Entity } from './entities.js';

/** From here on ids are beyond what a double carries, as most of the vendor's are. */
const LONG = 500_000_000_000_000_000n;
/** So far apart that no kind of record reaches the ids of another. */
const APART = 10_000_000_000_000_000n;

/**
 * The id of a record, by its number among its kind. Most have eighteen digits; every fifth is a short one, from the time
 * before. They ascend with neither number nor time.
 */
export function idOf(seed: number, kind: Entity, order: number, at: number): string {
  const hash = die(seed, `${kind} id`)(at);
  // The lower part is the number itself, so that no two are the same.
  if (at % 5 === 4) return String(10_000_000 + order * 1_000_000 + at);
  return String(LONG + BigInt(order) * APART + (BigInt(hash % 1_000_000) * 10_000_000n + BigInt(at)));
}
