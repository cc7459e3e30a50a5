import { SyncError } from '@syncline/connector-kit';
import type { ScheduleChange } from '@syncline/engine';
import type { Schedule } from '@syncline/store';

/** The two schedules that the guide knows, by the names that the connector gives them. */
export const guideSchedules = { incremental: 'incremental', full: 'full' } as const;

export interface GuideTimes {
  /** Minutes; null when the schedule is a cron expression. */
  readonly incrementalInterval: number | null;
  /** Null when full syncs are not at one time of day. */
  readonly fullSyncHour: number | null;
  readonly fullSyncMinute: number | null;
}

type Times = Pick<Schedule, 'cron' | 'intervalSeconds'>;

/** The two schedules in the guide's numbers. */
export function guideTimes(incremental: Times | undefined, full: Times | undefined): GuideTimes {
  const seconds = incremental?.intervalSeconds ?? null;
  const { hour = null, minute = null } = timeOfDay(full?.cron ?? null) ?? {};
  return {
    incrementalInterval: seconds === null ? null : seconds / 60,
    fullSyncHour: hour,
    fullSyncMinute: minute,
  };
}

/**
 * A full sync's schedule at another time of day. The days on which it comes stay as they are.
 *
 * Throws SyncError VALIDATION_FAILED when only one of hour and minute is given and the other cannot be kept.
 */
export function atTimeOfDay(full: Times, hour: number | undefined, minute: number | undefined): ScheduleChange {
  const now = timeOfDay(full.cron);
  const [at, past] = [hour ?? now?.hour, minute ?? now?.minute];
  if (at === undefined || past === undefined) {
    const field = hour === undefined ? 'fullSyncHour' : 'fullSyncMinute';
    const message = `is needed as well: full syncs are not at one time of day now, but ${wordsOf(full)}`;
    throw new SyncError('VALIDATION_FAILED', `${field} ${message}`, { field });
  }
  const days = full.cron?.split(' ').slice(2).join(' ') ?? '* * *';
  return { cron: `${past} ${at} ${days}` };
}

function timeOfDay(cron: string | null): { hour: number; minute: number } | undefined {
  const [, minute, hour] = /^(\d+) (\d+) /.exec(cron ?? '') ?? [];
  return hour === undefined || minute === undefined ? undefined : { hour: Number(hour), minute: Number(minute) };
}

function wordsOf({ cron, intervalSeconds }: Times): string {
  return cron === null ? `every ${intervalSeconds} seconds` : `at ${cron}`;
}
