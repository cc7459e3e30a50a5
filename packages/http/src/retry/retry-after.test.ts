import { describe, expect, it } from 'vitest';
import { rateLimitRestMs, retryAfterMs } from './retry-after.js';

const date = 'Sat, 21 Nov 2026 08:00:00 GMT';

describe('retryAfterMs', () => {
  it.each([
    ['30', 30_000],
    [' 7 ', 7_000],
    ['0.5', 500],
    ['1000000000', 3_600_000],
    ['99999999999999999999999', 3_600_000],
    ['Sat, 21 Nov 2026 08:00:20 GMT', 20_000],
    ['Saturday, 21-Nov-26 08:00:20 GMT', 20_000],
    ['Sun, 22 Nov 2026 08:00:00 GMT', 3_600_000],
    ['Sat, 21 Nov 2026 07:00:00 GMT', undefined],
    [date, undefined],
    ['0', undefined],
    ['-5', undefined],
    ['1e3', undefined],
    ['abc', undefined],
    ['Mon, 99 Foo 2026', undefined],
    ['2026-11-21T08:00:20Z', undefined],
    ['NaN', undefined],
    ['Infinity', undefined],
    ['', undefined],
  ])('reads "%s" as %s', (value, expected) => {
    expect(retryAfterMs({ 'retry-after': value, date })).toBe(expected);
  });

  it('goes by our clock where the vendor shows none', () => {
    const rest = retryAfterMs({ 'retry-after': new Date(Date.now() + 60_000).toUTCString() });
    expect(rest).toBeGreaterThan(50_000);
    expect(rest).toBeLessThanOrEqual(60_000);
  });

  it('knows nothing without the header', () => {
    expect(retryAfterMs({ date, 'x-ratelimit-reset': '1795248010' })).toBeUndefined();
  });
});

describe('rateLimitRestMs', () => {
  const seconds = Date.parse(date) / 1_000;

  it('takes the reset time, with a second to spare, where Retry-After says nothing', () => {
    expect(rateLimitRestMs({ date, 'x-ratelimit-reset': String(seconds + 12) })).toBe(13_000);
    expect(rateLimitRestMs({ date, 'x-ratelimit-reset': String(seconds + 12), 'retry-after': 'soon' })).toBe(13_000);
    expect(rateLimitRestMs({ date, 'x-ratelimit-reset': String(seconds + 12), 'retry-after': '3' })).toBe(3_000);
    expect(rateLimitRestMs({ date, 'x-ratelimit-reset': String(seconds + 1e6) })).toBe(3_600_000);
  });

  it('takes the seconds to the end of the window where nothing else is said', () => {
    expect(rateLimitRestMs({ date, 'ratelimit-reset': '12' })).toBe(12_000);
    expect(rateLimitRestMs({ date, 'ratelimit-reset': '12', 'x-ratelimit-reset': String(seconds + 1) })).toBe(2_000);
    expect(rateLimitRestMs({ date, 'ratelimit-reset': 'soon' })).toBeUndefined();
  });

  it.each(['0', '60', '-1', 'x', String(seconds - 100)])('ignores a reset at "%s"', (reset) => {
    expect(rateLimitRestMs({ date, 'x-ratelimit-reset': reset })).toBeUndefined();
  });
});
