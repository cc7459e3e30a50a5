import { describe, expect, it } from 'vitest';
import { afterAnswer, endOf, type OpenWindow } from './windows.js';

const window = (over: Partial<OpenWindow> = {}): OpenWindow => ({
  ...{ mid: 'm', from: '2026-01-01', days: 30, page: 1 },
  ...over,
});
const until = '2026-02-10';

describe('a window', () => {
  it('ends where the run does', () => {
    expect(endOf(window(), until)).toBe('2026-01-30');
    expect(endOf(window({ from: '2026-01-31' }), until)).toBe(until);
  });

  it('is followed by the next days, up to the last one', () => {
    expect(afterAnswer(window(), until, 1)).toEqual({ use: true, left: window({ from: '2026-01-31' }) });
    expect(afterAnswer(window({ from: '2026-01-31' }), until, 1)).toEqual({ use: true, left: undefined });
    expect(afterAnswer(window(), until, 0).left?.from).toBe('2026-01-31');
  });

  it('with more than one page is asked for in shorter pieces, of which none is left out', () => {
    expect(afterAnswer(window(), until, 2)).toEqual({ use: false, left: window({ days: 15 }) });
    // As long as it is, not as long as it could be.
    expect(afterAnswer(window({ from: '2026-02-01', days: 90 }), until, 2).left?.days).toBe(5);
    expect(afterAnswer(window(), until, 1_000).left?.days).toBe(3);
  });

  it('of one day is read page by page', () => {
    const day = window({ days: 1 });
    expect(afterAnswer(day, until, 3)).toEqual({ use: true, left: { ...day, page: 2 } });
    const last = afterAnswer({ ...day, page: 3 }, until, 3);
    expect(last).toEqual({ use: true, left: { ...day, from: '2026-01-02', page: 1 } });
  });
});
