/** The first wait of a backoff, and the longest one, in milliseconds. */
const [shortestMs, longestMs] = [500, 30_000];
/** Timers know no longer time: with more they would ring at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Exponential, with full jitter: those whom one failure hit do not come back together. `failures` begins at 1. */
export function backoffMs(failures: number): number {
  return Math.random() * Math.min(longestMs, shortestMs * 2 ** failures);
}

/** What `Retry-After` says, in seconds from now: it may be a number or a date. Null where it says nothing. */
export function retryAfterOf(headers: Headers, now = Date.now()): number | null {
  const said = headers.get('retry-after')?.trim();
  if (said === undefined || said === '') return null;
  if (/^\d+$/.test(said)) return Number(said);
  // Else `-5` and `1.5` would be days of 2001.
  const date = /^[a-z]{3,9},? /i.test(said) ? Date.parse(said) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}

/** Waits, four weeks at most. Rejects with the signal's reason as soon as it is aborted. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      },
      Math.min(ms, longestTimerMs),
    );
    signal?.addEventListener('abort', stop, { once: true });
  });
}
