import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nextDue, nextRun, nextToCome, repeatOf, type Timing, timingOf } from './timing.js';

const newYork = 'America/New_York';

/** The slots after `from`, until `to`, as whoever asks for one after the other gets them. */
function slots(timing: Timing, from: string, to: string): string[] {
  const found: string[] = [];
  let at: Date | undefined = new Date(from);
  for (;;) {
    at = nextDue(timing, at);
    if (at === undefined || at > new Date(to)) return found;
    found.push(`${at.toISOString().slice(5, 16)}Z`);
  }
}
const cronSlots = (cron: string, timeZone: string, from: string, to: string) => slots({ cron, timeZone }, from, to);

describe('a cron schedule in New York', () => {
  it('comes at two in the night, in winter and in summer', () => {
    expect(cronSlots('0 2 * * *', newYork, '2026-01-10T00:00Z', '2026-01-11T12:00Z')).toEqual([
      '01-10T07:00Z',
      '01-11T07:00Z',
    ]);
    expect(cronSlots('0 2 * * *', newYork, '2026-07-10T00:00Z', '2026-07-11T12:00Z')).toEqual([
      '07-10T06:00Z',
      '07-11T06:00Z',
    ]);
  });

  it('whose hour the clock skips comes right after, and only once', () => {
    const overIt = (cron: string) => cronSlots(cron, newYork, '2026-03-07T12:00Z', '2026-03-09T12:00Z');
    expect(overIt('30 2 * * *')).toEqual(['03-08T07:00Z', '03-09T06:30Z']);
    expect(overIt('0 2 * * *')).toEqual(['03-08T07:00Z', '03-09T06:00Z']);
    expect(overIt('0 3 * * *')).toEqual(['03-08T07:00Z', '03-09T07:00Z']);
  });

  it('whose hour comes twice comes the first time only', () => {
    const overIt = (cron: string) => cronSlots(cron, newYork, '2026-10-31T12:00Z', '2026-11-02T12:00Z');
    expect(overIt('30 1 * * *')).toEqual(['11-01T05:30Z', '11-02T06:30Z']);
    expect(overIt('0 2 * * *')).toEqual(['11-01T07:00Z', '11-02T07:00Z']);
    // Asked in between, it does not come again.
    expect(nextDue({ cron: '30 1 * * *', timeZone: newYork }, new Date('2026-11-01T05:45Z'))).toEqual(
      new Date('2026-11-02T06:30Z'),
    );
  });

  it('that comes every quarter of an hour goes on like real time, both ways', () => {
    const quarters = (from: string, count: number) =>
      Array.from(
        { length: count },
        (_, i) => `${new Date(Date.parse(from) + (i + 1) * 900_000).toISOString().slice(5, 16)}Z`,
      );
    expect(cronSlots('*/15 * * * *', newYork, '2026-03-08T05:00Z', '2026-03-08T09:00Z')).toEqual(
      quarters('2026-03-08T05:00Z', 16),
    );
    expect(cronSlots('*/15 * * * *', newYork, '2026-11-01T04:00Z', '2026-11-01T08:00Z')).toEqual(
      quarters('2026-11-01T04:00Z', 16),
    );
  });
});

/** Local date and time of each minute, by the operating system's tables and not by the library. */
function localMinutes(timeZone: string, from: Date, minutes: number): { at: Date; date: string; time: string }[] {
  const format = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit' },
  });
  return Array.from({ length: minutes }, (_, i) => {
    const at = new Date(from.getTime() + i * 60_000);
    const [date = '', time = ''] = format.format(at).split(', ');
    return { at, date, time };
  });
}

describe('every time of day, over every kind of change of the clock', () => {
  it.each([
    ['an hour forward', newYork, '2026-03-07T00:00Z'],
    ['an hour back', newYork, '2026-10-31T00:00Z'],
    ['half an hour forward', 'Australia/Lord_Howe', '2026-10-02T00:00Z'],
    ['half an hour back', 'Australia/Lord_Howe', '2026-04-03T00:00Z'],
    ['over midnight, forward', 'Africa/Cairo', '2026-04-23T00:00Z'],
    ['over midnight, back', 'Africa/Cairo', '2026-10-29T00:00Z'],
    ['over midnight, forward, in the south', 'America/Santiago', '2026-09-05T00:00Z'],
    ['two hours forward', 'Antarctica/Troll', '2026-03-28T00:00Z'],
    ['none at all', 'Asia/Kolkata', '2026-03-28T00:00Z'],
  ])('%s (%s): once a day, at its time or as soon as there is one', (_, timeZone, from) => {
    const minutes = localMinutes(timeZone, new Date(from), 4 * 1440);
    // The first and the last date are only there in part.
    const dates = [...new Set(minutes.map(({ date }) => date))].slice(1, -1);
    for (let minute = 0; minute < 1440; minute += 15) {
      const time = new Date(minute * 60_000).toISOString().slice(11, 16);
      const expected = dates.map((date) => minutes.find((one) => one.date === date && one.time >= time)?.at);
      const before = minutes.findLast((one) => one.date < (dates[0] ?? ''))?.at ?? new Date(from);
      let at: Date | undefined = before;
      const found = dates.map(() => {
        at = nextDue({ cron: `${minute % 60} ${Math.floor(minute / 60)} * * *`, timeZone }, at ?? before);
        return at;
      });
      expect(expected).not.toContain(undefined);
      expect(found, `${time} in ${timeZone}`).toEqual(expected);
    }
  });
});

describe('an interval', () => {
  const timing = { everySeconds: 900, spreadSeconds: 37 };

  it('comes at the same places whenever it is asked, and always after', () => {
    const at = new Date('2026-11-21T12:00:37Z');
    expect(nextDue(timing, new Date('2026-11-21T11:50:00Z'))).toEqual(at);
    expect(nextDue(timing, new Date('2026-11-21T12:00:36.999Z'))).toEqual(at);
    expect(nextDue(timing, at)).toEqual(new Date('2026-11-21T12:15:37Z'));
  });

  it('does not mind the clocks of the world', () => {
    const over = slots(timing, '2026-11-01T04:00Z', '2026-11-01T08:00Z');
    expect(over).toHaveLength(16);
  });
});

describe('the slot after one that was taken', () => {
  const timing = { everySeconds: 60, spreadSeconds: 0 };
  const taken = new Date('2026-11-21T12:00Z');

  it.each([
    ['on time', '2026-11-21T12:00:00.020Z', '2026-11-21T12:01Z'],
    ['a moment early', '2026-11-21T11:59:57Z', '2026-11-21T12:01Z'],
    ['so late that others were missed', '2026-11-21T12:20:30Z', '2026-11-21T12:21Z'],
  ])('is the next one that is still to come: %s', (_, now, next) => {
    expect(nextToCome(timing, taken, new Date(now))).toEqual(new Date(next));
  });

  it('is the first one to come when none was taken yet', () => {
    expect(nextToCome(timing, null, new Date('2026-11-21T12:00:30Z'))).toEqual(new Date('2026-11-21T12:01Z'));
  });
});

describe("a connection's intervals", () => {
  const interval = (connectionId: string, intervalSeconds: number) =>
    timingOf({ connectionId, intervalSeconds, cron: null, timeZone: 'UTC' });
  const start = new Date('2026-11-21T00:00Z');
  const secondsOf = (timing: Timing) => {
    const due = nextDue(timing, start);
    return ((due?.getTime() ?? 0) - start.getTime()) / 1000;
  };

  it('fall together: an hourly slot is one of a quarter of an hour, too', () => {
    for (let i = 0; i < 50; i += 1) {
      const id = randomUUID();
      const hourly = secondsOf(interval(id, 3600));
      expect(hourly % 900).toBe(secondsOf(interval(id, 900)) % 900);
      expect(secondsOf(interval(id, 86_400)) % 3600).toBe(hourly % 3600);
    }
  });

  it('are spread over the time between: no tenth of it is crowded by a thousand connections', () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 1000; i += 1) {
      const tenth = Math.floor((secondsOf(interval(randomUUID(), 900)) % 900) / 90);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(count).toBeGreaterThan(50);
    for (const count of tenths) expect(count).toBeLessThan(170);
  });
});

describe('what BullMQ is told', () => {
  it.each<[string, Timing]>([
    ['cron', { cron: '30 2 * * 1-5', timeZone: newYork }],
    ['interval', { everySeconds: 900, spreadSeconds: 123 }],
  ])('comes to the same times: %s', (_, timing) => {
    let at = Date.parse('2026-03-06T12:00Z');
    for (let i = 0; i < 20; i += 1) {
      const next = nextRun(repeatOf(timing), at);
      expect(next).toBe(nextDue(timing, new Date(at))?.getTime());
      at = next ?? 0;
    }
  });

  it('never throws: a pattern that is none has no times', () => {
    expect(nextRun({ pattern: 'now and then', timeZone: 'UTC' }, 0)).toBeUndefined();
    expect(nextRun({ pattern: '0 2 * * *', timeZone: 'Nowhere/City' }, 0)).toBeUndefined();
  });
});
