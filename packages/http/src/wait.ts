import { setTimeout as delay } from 'node:timers/promises';

/** Waits `ms`, or until `signal` aborts: then its reason is thrown. */
export async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    // Node throws its own AbortError; callers were promised the signal's reason.
    signal?.throwIfAborted();
    throw error;
  }
}
