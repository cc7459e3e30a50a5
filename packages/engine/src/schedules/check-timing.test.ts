import { describe, expect, it } from 'vitest';
import { checkCron, checkTimeZone } from './check-timing.js';
import { nextDue } from './timing.js';

const now = new Date('2026-11-20T12:00Z');
const check = (cron: string) => checkCron(cron, 'America/New_York', now);

function refusal(act: () => unknown): { code: string; field: string; message: string } {
  try {
    act();
  } catch (error) {
    return error as { code: string; field: string; message: string };
  }
  throw new Error('it was not refused');
}

describe('a cron expression', () => {
  it.each(['0 2 * * *', '*/15 * * * *', '0 9-17/2 * * 1-5', '30 1 1,15 * *', '0 0 29 2 *', '5 4 * JAN-MAR MON'])(
    'of five fields is taken: %s',
    (cron) => {
      expect(check(cron)).toBe(cron);
    },
  );

  it('is kept with single blanks', () => {
    expect(check('  0  2 * *\t* ')).toBe('0 2 * * *');
  });

  it('of six fields is refused, with what would become of it and what to write instead', () => {
    const { code, field, message } = refusal(() => check('0 */2 9-18 * * 1-5'));
    expect({ code, field }).toEqual({ code: 'VALIDATION_FAILED', field: 'cron' });
    expect(message).toContain('has six fields; five are expected: minute, hour, day of month, month and day of week');
    expect(message).toContain('what is left, "*/2 9-18 * * 1-5", comes every 2 minutes');
    expect(message).toContain('"0 9-17/2 * * 1-5"');
  });

  it('that the refusal proposes comes five times a working day, in office hours', () => {
    const day: Date[] = [];
    let at: Date | undefined = new Date('2026-11-20T05:00Z');
    for (;;) {
      at = nextDue({ cron: check('0 9-17/2 * * 1-5'), timeZone: 'America/New_York' }, at as Date);
      if (at === undefined || at > new Date('2026-11-21T05:00Z')) break;
      day.push(at);
    }
    expect(day.map((one) => one.getUTCHours() - 5)).toEqual([9, 11, 13, 15, 17]);
    // Nothing at the weekend.
    expect(at).toEqual(new Date('2026-11-23T14:00Z'));
  });

  it.each([
    ['0 2 * *', 'has 4 fields'],
    ['@daily', 'has one field'],
    ['', 'has one field'],
    ['0 0 2 * * * 2030', 'has 7 fields'],
    ['61 * * * *', 'is not a cron expression: Invalid value for minute: 61'],
    ['*/0 * * * *', 'is not a cron expression'],
    ['every two hours please now', 'is not a cron expression'],
    ['0 0 31 2 *', 'never comes'],
  ])('is refused in words: %s', (cron, words) => {
    const { code, field, message } = refusal(() => check(cron));
    expect({ code, field }).toEqual({ code: 'VALIDATION_FAILED', field: 'cron' });
    expect(message).toContain(words);
  });
});

describe('a time zone', () => {
  it.each([
    ['America/New_York', 'America/New_York'],
    ['america/new_york', 'America/New_York'],
    ['US/Eastern', 'US/Eastern'],
    ['Europe/Kyiv', 'Europe/Kyiv'],
    ['utc', 'UTC'],
    ['Etc/UTC', 'Etc/UTC'],
  ])('has the name of a place, or UTC: %s', (given, kept) => {
    expect(checkTimeZone(given)).toBe(kept);
  });

  it.each(['EST', 'est', 'EDT', 'EST5EDT', 'ET'])(
    'is not an abbreviation, although programs take some: %s',
    (given) => {
      const { code, field, message } = refusal(() => checkTimeZone(given));
      expect({ code, field }).toEqual({ code: 'VALIDATION_FAILED', field: 'timeZone' });
      expect(message).toContain('write America/New_York');
    },
  );

  it.each(['Foo/Bar', '+05:00', 'Mars', '', 'America/'])('exists: not %j', (given) => {
    expect(refusal(() => checkTimeZone(given))).toMatchObject({ code: 'VALIDATION_FAILED', field: 'timeZone' });
  });
});
