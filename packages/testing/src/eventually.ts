import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again and again until the condition gives something (not undefined, not false), and returns it.
 *
 * Throws Error, with what is awaited and the last answer, after `timeoutMs` (30 s).
 */
export async function eventually<T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 30_000,
): Promise<T> {
  const began = Date.now();
  const deadline = began + timeoutMs;
  let answer: T | undefined | false;
  for (;;) {
    answer = await condition();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for: ${what}`);
    // A tenth of the time that it has taken so far: asking costs processor time, which others then wait for.
    await pause(Math.min(200, 10 + (Date.now() - began) / 10));
  }
}
