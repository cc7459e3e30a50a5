/**
 * A seeded source of numbers that is addressed, not consumed: the same index gives the same number
 * whenever it is asked. That is what lets any record be made on demand, in any order, without its neighbours.
 */
export type Die = (index: number) => number;

/** Spreads the bits of a 32-bit number so that neighbours share nothing. */
function scatter(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}

/** Makes the die of one purpose. Dice with different names are independent of one another. */
export function die(seed: number, name: string): Die {
  let key = scatter(seed);
  for (let at = 0; at < name.length; at++) key = scatter(key ^ name.charCodeAt(at));
  return (index) => scatter(key ^ scatter(index + 1));
}

/** Chooses an element of a pool that is not empty. */
export function oneOf<T>(pool: readonly T[], roll: number): T {
  return pool[roll % pool.length] as T;
}

/** True for one roll in `n`. */
export function oneIn(n: number, roll: number): boolean {
  return roll % n === 0;
}

/** A fraction from 0 up to, not including, 1. */
export function fraction(roll: number): number {
  return roll / 0x1_0000_0000;
}
