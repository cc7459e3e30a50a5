import { expect, test } from 'vitest';
import { createFailureThrottle } from './failure-throttle.js';

test('an address is blocked after its failures, for the rest of the minute, and others are not', () => {
  const throttle = createFailureThrottle(3);
  for (let i = 0; i < 3; i += 1) {
    expect(throttle.isBlocked('a', i)).toBe(false);
    throttle.noteFailure('a', i);
  }
  expect(throttle.isBlocked('a', 59_999)).toBe(true);
  expect(throttle.isBlocked('b', 3)).toBe(false);
  expect(throttle.isBlocked('a', 60_000)).toBe(false);
  throttle.noteFailure('a', 60_000);
  expect(throttle.isBlocked('a', 60_001)).toBe(false);
});

test('it holds no more addresses than it may, and forgets the oldest', () => {
  const throttle = createFailureThrottle(1, 2);
  for (const address of ['a', 'b', 'c']) throttle.noteFailure(address, 0);
  expect(['a', 'b', 'c'].map((address) => throttle.isBlocked(address, 1))).toEqual([false, true, true]);
});
