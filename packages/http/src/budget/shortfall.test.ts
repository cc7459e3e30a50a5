import { describe, expect, it } from 'vitest';
import { shortfallOf } from './shortfall.js';

const minute = { requests: 500, seconds: 60 };
const second = { requests: 3, seconds: 1 };
const windows = [minute];
const headers = (left: number | string, limit: number | string = 500) => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(left),
});

describe('an answer says that somebody else uses the quota', () => {
  it('when fewer requests are left than we have', () => {
    const expected = { window: minute, left: 100, ours: 300, sinceMs: 700 };
    expect(shortfallOf(headers(100), windows, [300], 200)).toEqual(expected);
    expect(shortfallOf({ 'ratelimit-remaining': '100' }, windows, [300], 200)).toEqual(expected);
    expect(shortfallOf({ 'ratelimit-remaining': '100, 100;w=60' }, windows, [300], 200)).toEqual(expected);
  });

  it.each([
    ['as many are left', 300, 300],
    ['more are left', 400, 300],
    ['the difference may be calls that overtook each other', 295, 300],
  ])('not when %s', (_, left, ours) => {
    expect(shortfallOf(headers(left), windows, [ours], 200)).toBeUndefined();
  });

  it('also when the difference is small, once nearly nothing is left', () => {
    expect(shortfallOf(headers(10), windows, [12], 200)).toMatchObject({ left: 10 });
    expect(shortfallOf(headers(0), windows, [1], 200)).toMatchObject({ left: 0 });
  });

  it('not when the answer took so long that it speaks of the past', () => {
    expect(shortfallOf(headers(0), windows, [300], 9_500)).toBeUndefined();
  });

  it.each(['', 'many', '-1', '1.5', '1e3', 'NaN'])('not with "%s"', (value) => {
    expect(shortfallOf(headers(value), windows, [300], 200)).toBeUndefined();
  });

  it('not when there is no header, no window, or nothing known of the permit', () => {
    expect(shortfallOf({}, windows, [300], 200)).toBeUndefined();
    expect(shortfallOf(headers(0), [], [], 200)).toBeUndefined();
    expect(shortfallOf(headers(0), windows, [], 200)).toBeUndefined();
  });
});

describe('of several windows', () => {
  it('the one is meant whose size is nearest to the limit', () => {
    expect(shortfallOf(headers(20, 120), [second, minute], [2, 400], 50)?.window).toBe(minute);
    expect(shortfallOf(headers(0, 5), [second, minute], [2, 400], 50)?.window).toBe(second);
  });

  it('none is meant where no limit is named', () => {
    expect(shortfallOf({ 'x-ratelimit-remaining': '0' }, [second, minute], [2, 400], 50)).toBeUndefined();
  });
});
