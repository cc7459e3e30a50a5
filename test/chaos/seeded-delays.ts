/** Delays from 0 to `mostMs` that look random and are the same for the same seed. */
export function seededDelays(seed: number, mostMs: number): () => number {
  let state = seed >>> 0;
  return () => {
    // Numerical Recipes' linear congruential generator; its upper bits are good enough for waiting.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 32) * mostMs;
  };
}
