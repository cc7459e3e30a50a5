import type { NextRun, Repeat } from '@syncline/queue';
import type { Schedule } from '@syncline/store';
import { Cron } from 'croner';

/** When a schedule is due: at the times of a cron expression, or every so many seconds. */
export type Timing =
  | { readonly cron: string; readonly timeZone: string }
  /** Counted from the epoch, `spreadSeconds` later. */
  | { readonly everySeconds: number; readonly spreadSeconds: number };

type Terms = Pick<Schedule, 'connectionId' | 'cron' | 'intervalSeconds' | 'timeZone'>;

/** Throws RangeError for a row that has neither; the table does not take one. */
export function timingOf({ connectionId, cron, intervalSeconds, timeZone }: Terms): Timing {
  if (cron !== null) return { cron, timeZone };
  if (intervalSeconds === null) throw new RangeError('A schedule needs a cron expression or an interval');
  return { everySeconds: intervalSeconds, spreadSeconds: spreadOf(connectionId, intervalSeconds) };
}

/**
 * Where in an interval a connection has its turn: a thousand connections are a thousand places, and always the same.
 * It is the connection's and not the schedule's, so that an hourly schedule falls together with one of every quarter of
 * an hour, and both make one job.
 */
export function spreadOf(connectionId: string, everySeconds: number): number {
  return Number.parseInt(connectionId.replaceAll('-', '').slice(0, 12), 16) % everySeconds;
}

/**
 * The first slot after `after`; undefined when there is none, ever.
 *
 * Cron over daylight saving: a time that the clock skips comes right when it has skipped it, a time that comes twice
 * counts the first time, and what repeats within the hour goes on as real time does.
 *
 * Throws for what is not a cron expression or a time zone.
 */
export function nextDue(timing: Timing, after: Date): Date | undefined {
  if ('cron' in timing) return parseCron(timing.cron, timing.timeZone).nextRun(after) ?? undefined;
  const [every, spread] = [timing.everySeconds * 1000, timing.spreadSeconds * 1000];
  return new Date((Math.floor((after.getTime() - spread) / every) + 1) * every + spread);
}

/**
 * The slot that is next when one was `taken`: still to come, however many were missed; and another one, although the
 * one that was taken may itself be a moment in the future.
 */
export function nextToCome(timing: Timing, taken: Date | null, now: Date): Date | undefined {
  return nextDue(timing, new Date(Math.max(now.getTime(), taken?.getTime() ?? 0)));
}

/** Five fields, not six or seven, and none of the names like @daily. Throws for anything else. */
export function parseCron(cron: string, timeZone: string): Cron {
  if (cron.startsWith('@')) throw new TypeError('Names like @daily are not known here');
  return new Cron(cron, { timezone: timeZone, mode: '5-part', paused: true });
}

const intervalPattern = /^every (\d+) s \+ (\d+) s$/;

/** The timing as BullMQ keeps it, and Bull Board shows it. */
export function repeatOf(timing: Timing): Repeat {
  if ('cron' in timing) return { pattern: timing.cron, timeZone: timing.timeZone };
  return { pattern: `every ${timing.everySeconds} s + ${timing.spreadSeconds} s`, timeZone: 'UTC' };
}

/** For BullMQ: the same times as everywhere else. */
export const nextRun: NextRun = ({ pattern, timeZone }, after) => {
  const [, every, spread] = intervalPattern.exec(pattern) ?? [];
  const timing: Timing =
    every === undefined ? { cron: pattern, timeZone } : { everySeconds: Number(every), spreadSeconds: Number(spread) };
  try {
    return nextDue(timing, new Date(after))?.getTime();
  } catch {
    return undefined;
  }
};
