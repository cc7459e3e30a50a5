import { describe, expect, it } from 'vitest';
import { longestPause } from './cron-pauses.js';

const hour = 3_600;
/** A Wednesday, 10:30. */
const now = new Date('2026-01-14T10:30:00Z');

describe('the longest pause of a cron expression', () => {
  it.each([
    ['*/15 * * * *', 'UTC', 900],
    ['0 2 * * *', 'America/New_York', 24 * hour],
    ['0 2 * * 1-5', 'UTC', 72 * hour],
    ['0 0 1 * *', 'UTC', 28 * 24 * hour],
  ])('%s (%s) is %i seconds', (cron, timeZone, seconds) => {
    const pause = longestPause(cron, timeZone, now) ?? 0;
    expect(pause).toBeGreaterThanOrEqual(seconds);
    expect(pause).toBeLessThanOrEqual(Math.max(seconds, 31 * 24 * hour * Number(cron.startsWith('0 0 1'))));
  });

  it('is the weekend’s, although the next twenty times are minutes apart', () => {
    const pause = longestPause('*/5 9-17 * * 1-5', 'UTC', now) ?? 0;
    // From Friday 17:55 to Monday 09:00 are 63 hours; it is looked for from full hours.
    expect(pause / hour).toBeGreaterThan(62);
    expect(pause / hour).toBeLessThan(64);
  });

  it.each([
    ['no expression', 'UTC'],
    ['0 0 31 2 *', 'UTC'],
    ['0 2 * * *', 'Mars/Olympus'],
  ])('%s (%s) has none', (cron, timeZone) => {
    expect(longestPause(cron, timeZone, now)).toBeUndefined();
  });
});
