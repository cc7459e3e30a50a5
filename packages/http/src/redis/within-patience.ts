import { SyncError } from '@syncline/connector-kit';

/** How long Redis may take to answer, in ms. A client that queues commands while it reconnects would wait for ever. */
export const patienceMs = 2_000;

/**
 * Redis' answer, unless it fails or takes too long.
 * @param onLate given what comes after nobody waits for it any more
 * @throws SyncError BUDGET_UNAVAILABLE; the signal's reason
 */
export function withinPatience<T>(
  answer: Promise<T>,
  signal?: AbortSignal,
  onLate: (value: T) => void = () => {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    let over = false;
    const end = (settle: () => void): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = (): void => end(() => reject(signal?.reason));
    const timer = setTimeout(() => end(() => reject(unavailable('no answer'))), patienceMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    answer.then(
      (value) => (over ? onLate(value) : end(() => resolve(value))),
      (error: unknown) => end(() => reject(unavailable(reasonOf(error)))),
    );
  });
}

function unavailable(reason: string): SyncError {
  return new SyncError('BUDGET_UNAVAILABLE', undefined, { details: { reason } });
}

/** The first word of Redis' refusals is their code (OOM, READONLY, LOADING); a script's error names its line. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message.slice(0, 80);
}
