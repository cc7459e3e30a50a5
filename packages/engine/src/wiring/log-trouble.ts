import type { Logger } from 'pino';

const quietMs = 10_000;

/**
 * A listener for a service's connection errors. While it is away, every handle on it says the same several times a
 * second; the same message is logged once in ten seconds, with how often it came.
 */
export function logTrouble(log: Logger, dependency: string, now: () => number = Date.now): (error: Error) => void {
  let last: { readonly message: string; readonly until: number } | undefined;
  let held = 0;
  return (error) => {
    if (last?.message === error.message && now() < last.until) {
      held += 1;
      return;
    }
    log.warn({ event: 'dependency.trouble', err: error, dependency, alike: held }, `${dependency} trouble`);
    last = { message: error.message, until: now() + quietMs };
    held = 0;
  };
}
