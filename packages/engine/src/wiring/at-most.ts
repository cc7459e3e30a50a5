import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits for the end of something, but no longer than this. What cannot end, because it waits for a service that is away,
 * ends with the process; nothing is lost by that.
 */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work.catch(() => undefined), pause(ms, undefined, { ref: false })]);
}
