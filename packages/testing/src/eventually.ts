import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again and again until the condition gives something (not undefined, not false), and returns it.
 *
 * Often enough to meet a state that is short; what is long and costs a request may be asked less often (`everyMs`).
 *
 * Throws Error, with what is awaited and the last answer, after `timeoutMs` (60 s).
 */
export async function eventually<T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 60_000,
  everyMs = 25,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let answer: T | undefined | false;
  for (;;) {
    answer = await condition();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for: ${what}`);
    await pause(everyMs);
  }
}
