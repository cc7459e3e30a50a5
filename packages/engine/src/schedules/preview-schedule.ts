import { type Db, readClock } from '@syncline/store';
import { agreeTimes, type ScheduleChange } from './change-schedules.js';
import { nextDue, timingOf } from './timing.js';
import { timingWords } from './timing-words.js';

export interface SchedulePreview {
  readonly words: string;
  /** The next five times at which it would be due; fewer where it has no more. */
  readonly times: readonly Date[];
  readonly timeZone: string;
}

const timesShown = 5;
/** Its place within any interval is the first. */
const noConnection = '00000000-0000-0000-0000-000000000000';

/**
 * What a schedule would mean, without making it. The times of an interval are those of the connection.
 *
 * Throws SyncError VALIDATION_FAILED, with the field, for the times that a schedule is refused for.
 */
export async function previewSchedule(
  ctx: { readonly db: Db },
  connectionId: string | undefined,
  given: Pick<ScheduleChange, 'cron' | 'intervalSeconds' | 'timeZone'>,
): Promise<SchedulePreview> {
  const now = await readClock(ctx.db);
  const blank = { cron: null, intervalSeconds: null, timeZone: 'UTC', connectionId: connectionId ?? noConnection };
  const terms = agreeTimes(blank, given, now);
  const timing = timingOf(terms);
  const times: Date[] = [];
  let next = nextDue(timing, now);
  while (next !== undefined && times.length < timesShown) {
    times.push(next);
    next = nextDue(timing, next);
  }
  return { words: timingWords(timing), times, timeZone: terms.timeZone };
}
