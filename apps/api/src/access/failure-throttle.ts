/** Counts failed attempts to come in, of each client address. */
export interface FailureThrottle {
  isBlocked(address: string, now: number): boolean;
  noteFailure(address: string, now: number): void;
}

const windowMs = 60_000;

/**
 * At most `limit` failures a minute for one address; the window starts with the first. In memory and for this process:
 * it makes guessing slow, the key's length makes it hopeless. Never holds more than `capacity` addresses.
 */
export function createFailureThrottle(limit = 10, capacity = 10_000): FailureThrottle {
  const windows = new Map<string, { failures: number; endsAt: number }>();
  const current = (address: string, now: number) => {
    const window = windows.get(address);
    return window !== undefined && window.endsAt > now ? window : undefined;
  };
  return {
    isBlocked: (address, now) => (current(address, now)?.failures ?? 0) >= limit,
    noteFailure(address, now) {
      const window = current(address, now);
      if (window !== undefined) {
        window.failures += 1;
        return;
      }
      windows.delete(address);
      windows.set(address, { failures: 1, endsAt: now + windowMs });
      // A Map keeps the order of insertion, so the first one is the window that ends first.
      if (windows.size > capacity) windows.delete(windows.keys().next().value ?? address);
    },
  };
}
