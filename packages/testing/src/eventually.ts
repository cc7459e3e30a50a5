import { setTimeout as pause } from 'node:timers/promises';

/** Of the time that was waited so far. */
const rest = 0.1;
const longestRestMs = 200;

/**
 * Asks again and again until the condition gives something (not undefined, not false), and returns it.
 *
 * Every `everyMs` at the beginning, and less often the longer it takes: most questions are requests and statements, and
 * thousands of tests that wait are most of what a machine does. A state that is short has to be held by its test.
 *
 * Throws Error, with what is awaited and the last answer, after `timeoutMs` (60 s).
 */
export async function eventually<T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 60_000,
  everyMs = 25,
): Promise<T> {
  const since = Date.now();
  let answer: T | undefined | false;
  for (;;) {
    answer = await condition();
    if (answer !== undefined && answer !== false) return answer;
    const waitedMs = Date.now() - since;
    if (waitedMs > timeoutMs) throw new Error(`waited ${timeoutMs} ms in vain for: ${what}`);
    await pause(Math.max(everyMs, Math.min(waitedMs * rest, longestRestMs)));
  }
}
