import { practicePanther } from '@syncline/connectors';
import { localTime } from './local-time.js';

const hour = 3_600_000;

/**
 * When each of the connector's schedules is due from one moment to before another, worked out without the code that
 * dispatches them: multiples of the interval, moved by the connection's share; two in the night in New York, or when
 * the clock has skipped that.
 */
export function slotsBetween(fromMs: number, toMs: number, spreadSeconds: number): ReadonlyMap<string, number[]> {
  const slots = new Map<string, number[]>();
  for (const schedule of practicePanther.schedules ?? []) {
    const due: number[] = [];
    if ('cron' in schedule) {
      const nights = new Set([localTime(fromMs - hour).date]);
      for (let ms = Math.ceil(fromMs / hour) * hour; ms < toMs; ms += hour) {
        const { date, hour: localHour } = localTime(ms);
        if (localHour < 2 || nights.has(date)) continue;
        nights.add(date);
        due.push(ms);
      }
    } else {
      const every = schedule.everySeconds * 1000;
      const spread = (spreadSeconds % schedule.everySeconds) * 1000;
      for (let ms = Math.ceil((fromMs - spread) / every) * every + spread; ms < toMs; ms += every) due.push(ms);
    }
    slots.set(schedule.name, due);
  }
  return slots;
}

/** Of a schedule's slots those that have an outcome, if nobody was there in these spans: of each, the first one missed. */
export function takenOf(slots: readonly number[], away: readonly { fromMs: number; untilMs: number }[]): number[] {
  const gapOf = (ms: number) => away.findIndex(({ fromMs, untilMs }) => ms >= fromMs && ms < untilMs);
  return slots.filter((ms, i) => {
    const gap = gapOf(ms);
    return gap === -1 || gap !== gapOf(slots[i - 1] ?? 0);
  });
}
