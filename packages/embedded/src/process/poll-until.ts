import { setTimeout as delay } from 'node:timers/promises';

export interface PollLimits {
  /** Milliseconds after which to give up. */
  timeoutMs: number;
  /** Milliseconds between two looks. */
  everyMs?: number;
}

/** Looks again and again until `check` answers true; false when that did not happen in time. */
export async function pollUntil(check: () => boolean | Promise<boolean>, limits: PollLimits): Promise<boolean> {
  const deadline = Date.now() + limits.timeoutMs;
  while (!(await check())) {
    if (Date.now() >= deadline) return false;
    await delay(limits.everyMs ?? 20);
  }
  return true;
}
