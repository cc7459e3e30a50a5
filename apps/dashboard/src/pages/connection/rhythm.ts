import type { Schedule } from '../../api/types.js';
import { duration } from '../../format/time.js';

/** Ways of saying how often, from the plainest to the most exact. */
export const rhythms = {
  interval: 'Every so many minutes',
  daily: 'Every day',
  weekdays: 'Monday to Friday',
  cron: 'By a cron expression',
};

/** What the editor holds: all that the person has written, also of the ways not chosen. */
export interface Rhythm {
  readonly kind: keyof typeof rhythms;
  readonly minutes: number;
  /** "02:30" */
  readonly time: string;
  readonly cron: string;
}

const fresh: Rhythm = { kind: 'interval', minutes: 15, time: '02:00', cron: '0 2 * * *' };
const atATime = /^(\d{1,2}) (\d{1,2}) \* \* (\*|1-5)$/;

/** How a schedule would be said in the plainest way. */
export function rhythmOf(schedule: Pick<Schedule, 'cron' | 'intervalSeconds'> | undefined): Rhythm {
  if (schedule === undefined) return fresh;
  const { cron, intervalSeconds } = schedule;
  if (cron === null) return { ...fresh, minutes: Math.max(1, Math.round((intervalSeconds ?? 900) / 60)) };
  const [, minute, hour, days] = atATime.exec(cron) ?? [];
  if (minute === undefined || hour === undefined) return { ...fresh, kind: 'cron', cron };
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  return { ...fresh, kind: days === '*' ? 'daily' : 'weekdays', time, cron };
}

/** When a schedule starts a sync, in a few words; undefined where only its cron expression says it. */
export function wordsForRhythm(schedule: Pick<Schedule, 'cron' | 'intervalSeconds'>): string | undefined {
  const { kind, time } = rhythmOf(schedule);
  if (kind === 'interval') return `every ${duration(schedule.intervalSeconds ?? 0)}`;
  return kind === 'cron' ? undefined : `${kind === 'daily' ? 'every day' : rhythms.weekdays} at ${time}`;
}

/** The same for the API, of a way that has times of day. */
export function cronOf({ kind, time, cron }: Rhythm): string {
  if (kind === 'cron') return cron;
  const [hour, minute] = time.split(':').map(Number);
  return `${minute ?? 0} ${hour ?? 0} * * ${kind === 'weekdays' ? '1-5' : '*'}`;
}
