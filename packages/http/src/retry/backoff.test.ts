import { expect, it } from 'vitest';
import { backoffMs } from './backoff.js';

it('doubles its bound with each failure, up to half a minute', () => {
  const bounds = [1, 2, 3, 4, 10, 100].map((failures) => backoffMs(failures, 1_000, () => 1));
  expect(bounds).toEqual([1_000, 2_000, 4_000, 8_000, 30_000, 30_000]);
});

it('spreads over the whole of it: full jitter', () => {
  expect(backoffMs(3, 1_000, () => 0)).toBe(0);
  expect(backoffMs(3, 1_000, () => 0.25)).toBe(1_000);
});
