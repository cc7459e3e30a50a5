import { expect, test } from 'vitest';
import { timingWords } from './timing-words.js';

test.each([
  ['* * * * *', 'Every minute'],
  ['*/15 * * * *', 'Every 15 minutes'],
  ['0 * * * *', 'Every hour'],
  ['1 * * * *', 'Every hour at 1 minute past'],
  ['20 */2 * * *', 'Every 2 hours at 20 minutes past'],
  ['0 */5 * * *', 'Every 5 hours, from midnight on'],
  ['30 2 * * *', 'At 02:30'],
  ['0 6,12,18 * * *', 'At 06:00, 12:00 and 18:00'],
  ['0 9-17/2 * * 1-5', 'Every 2 hours from 09:00 to 17:00, from Monday to Friday'],
  ['0 9-18/2 * * mon-fri', 'Every 2 hours from 09:00 to 17:00, from Monday to Friday'],
  ['15 8-10 * * *', 'Every hour from 08:15 to 10:15'],
  ['*/10 9-17 * * 6,7', 'Every 10 minutes from 09:00 to 17:59, on Saturday and Sunday'],
  ['5,35 * * * *', 'At the minutes 5 and 35 of every hour'],
  ['0 3 1 * *', 'At 03:00, on day 1 of the month'],
  ['0 3 L * *', 'At 03:00, on the last day of the month'],
  ['0 3 1,15 * SUN', 'At 03:00, on the days 1 and 15 of the month or on Sunday'],
  ['0 0 1 1,JUL *', 'At 00:00, on day 1 of the month, in January and July'],
  ['0 0 * 3-10 *', 'At 00:00, in March to October'],
  ['*/20 1,2,22-23 * * 0', 'Every 20 minutes of the hours 1, 2 and 22-23, on Sunday'],
])('%s is: %s', (cron, words) => {
  expect(timingWords({ cron, timeZone: 'UTC' })).toBe(words);
});

test.each([
  [60, 'Every minute'],
  [90, 'Every 90 seconds'],
  [900, 'Every 15 minutes'],
  [7_200, 'Every 2 hours'],
  [86_400, 'Every day'],
])('an interval of %d s is: %s', (everySeconds, words) => {
  expect(timingWords({ everySeconds, spreadSeconds: 7 })).toBe(words);
});
