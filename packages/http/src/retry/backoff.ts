const longestMs = 30_000;

/**
 * The wait before the next try, in ms: exponential with full jitter, that is anything between nothing and the doubled
 * bound, so that workers that failed together do not come back together.
 * @param failedTries how many tries have failed, from 1
 */
export function backoffMs(failedTries: number, baseMs: number, random: () => number = Math.random): number {
  return random() * Math.min(longestMs, baseMs * 2 ** (failedTries - 1));
}
