/** How failed records are tried again. */
export interface RecoveryPolicy {
  /** Seconds until the first retry, about; the pauses grow from there. */
  readonly baseSeconds: number;
  readonly longestSeconds: number;
  /** Attempts in all, that of the sync included. */
  readonly attempts: number;
}

/** The policy that everybody has who says nothing else. */
export function recoveryPolicy(baseSeconds = 60): RecoveryPolicy {
  return { baseSeconds, longestSeconds: Math.max(3_600, baseSeconds), attempts: 5 };
}

/**
 * Seconds until an item that has failed so often is tried again: anything between nothing and a bound that doubles each
 * time, so that what failed together does not come back together. Undefined when its attempts are used up.
 */
export function retrySecondsAfter(
  policy: RecoveryPolicy,
  failures: number,
  random: () => number = Math.random,
): number | undefined {
  if (failures >= policy.attempts) return undefined;
  return random() * Math.min(policy.longestSeconds, policy.baseSeconds * 2 ** (failures - 1));
}
