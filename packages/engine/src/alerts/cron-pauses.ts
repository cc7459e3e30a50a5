import { setImmediate as breath } from 'node:timers/promises';
import { type CronPause, type Db, listCrons, readClock } from '@syncline/store';
import { nextDue } from '../schedules/timing.js';

const hourMs = 3_600_000;
/** A week and a day: weekends are in it, wherever one begins. */
const hoursAhead = 8 * 24;
const timesAhead = 20;

/** What was computed, by expression and zone; anew each day, because daylight saving moves a pause by an hour. */
const known = new Map<string, { readonly seconds: number | undefined; readonly at: number }>();
const mostKnown = 10_000;

/**
 * The longest pause between two times of a cron expression in the week to come, in seconds: nobody expects fresh data
 * before it is over. Looked for from every full hour, so that a long one is found wherever it lies, and between the next
 * few times, where pauses are short. Undefined for what is no cron expression, or has no time any more.
 */
export function longestPause(cron: string, timeZone: string, now: Date): number | undefined {
  const timing = { cron, timeZone };
  let longest = 0;
  try {
    let before = nextDue(timing, now);
    for (let i = 0; i < timesAhead && before !== undefined; i += 1) {
      const next = nextDue(timing, before);
      if (next !== undefined) longest = Math.max(longest, next.getTime() - before.getTime());
      before = next;
    }
    for (let hour = 0; hour < hoursAhead; hour += 1) {
      const from = now.getTime() + hour * hourMs;
      const next = nextDue(timing, new Date(from));
      if (next === undefined) break;
      longest = Math.max(longest, next.getTime() - from);
    }
  } catch {
    return undefined;
  }
  return longest === 0 ? undefined : longest / 1000;
}

/** The pauses of all cron expressions that enabled schedules have; of these connections only, if any are named. */
export async function cronPauses(db: Db, now: Date, connectionIds?: readonly string[]): Promise<CronPause[]> {
  const pauses: CronPause[] = [];
  for (const { cron, timeZone } of await listCrons(db, connectionIds)) {
    const key = `${timeZone} ${cron}`;
    let pause = known.get(key);
    if (pause === undefined || now.getTime() - pause.at > 24 * hourMs) {
      // Some milliseconds of computing each; jobs have their turn in between.
      await breath();
      pause = { seconds: longestPause(cron, timeZone, now), at: now.getTime() };
      if (known.size >= mostKnown) known.clear();
      known.set(key, pause);
    }
    if (pause.seconds !== undefined) pauses.push({ cron, timeZone, seconds: pause.seconds });
  }
  return pauses;
}

/** The same as of now, by Postgres' clock. */
export async function schedulePauses(
  { db }: { readonly db: Db },
  connectionIds?: readonly string[],
): Promise<CronPause[]> {
  return cronPauses(db, await readClock(db), connectionIds);
}
