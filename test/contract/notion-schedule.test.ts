import { withGeneralInterval } from '@syncline/connector-kit';
import { notion } from '@syncline/connectors';
import { nextRun } from '@syncline/engine';
import { describe, expect, it } from 'vitest';

const timeZone = 'America/New_York';
const day = 86_400_000;

const schedule = notion.schedules?.find(({ name }) => name === 'business hours');
if (schedule === undefined || !('cron' in schedule)) throw new Error('there is no such schedule by cron');
const { cron } = schedule;

const clock = new Intl.DateTimeFormat('en-US', {
  ...{ timeZone, hourCycle: 'h23', weekday: 'short', hour: '2-digit', minute: '2-digit' },
});

/** When it is due in so many days: in UTC, and by the clock on the wall in New York. */
function slots(from: string, days: number): { utc: string; local: string }[] {
  const found: { utc: string; local: string }[] = [];
  const end = Date.parse(from) + days * day;
  for (let at = nextRun({ pattern: cron, timeZone }, Date.parse(from)); at !== undefined && at < end; ) {
    found.push({ utc: new Date(at).toISOString().slice(0, 16), local: clock.format(at).replace(',', '') });
    at = nextRun({ pattern: cron, timeZone }, at);
  }
  return found;
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'];
const businessWeek = weekdays.flatMap((name) => ['09', '11', '13', '15', '17'].map((hour) => `${name} ${hour}:00`));

describe('business hours', () => {
  it('have what changed since the last sync, of everything, by the clock of New York', () => {
    expect(schedule).toEqual({ name: 'business hours', mode: 'incremental', entities: [], cron, timeZone });
  });

  it.each([
    ['as usual', '2026-07-05T04:00Z', '13:00', '13:00'],
    // The clock changes in the night before the second Monday.
    ['when the clock goes forward', '2026-03-01T05:00Z', '14:00', '13:00'],
    ['when the clock goes back', '2026-10-25T04:00Z', '13:00', '14:00'],
  ])('are five syncs a weekday and none at the weekend, %s', (_, sunday, first, second) => {
    const due = slots(sunday, 14);
    expect(due.map(({ local }) => local)).toEqual([...businessWeek, ...businessWeek]);
    expect([due[0], due[25]].map((slot) => slot?.utc.slice(11))).toEqual([first, second]);
  });

  it('lead from Friday at five to Monday at nine', () => {
    expect(slots('2026-11-20T22:00Z', 4)[0]).toEqual({ utc: '2026-11-23T14:00', local: 'Mon 09:00' });
  });

  it('stay as they are, however often general syncs are to come', () => {
    expect(withGeneralInterval([notion], 60)).toEqual([notion]);
  });
});
