import { describe, expect, it } from 'vitest';
import { recoveryPolicy, retrySecondsAfter } from './policy.js';

const policy = recoveryPolicy();
const longest = (failures: number) => retrySecondsAfter(policy, failures, () => 1);

describe('the pause before the next try', () => {
  it('doubles with each failure, up to an hour, and ends with the fifth', () => {
    expect([1, 2, 3, 4, 5, 6].map(longest)).toEqual([60, 120, 240, 480, undefined, undefined]);
    expect(retrySecondsAfter({ ...policy, attempts: 20 }, 19, () => 1)).toBe(3_600);
  });

  it('is anything between nothing and that', () => {
    expect(retrySecondsAfter(policy, 3, () => 0)).toBe(0);
    expect(retrySecondsAfter(policy, 3, () => 0.5)).toBe(120);
    const some = Array.from({ length: 20 }, () => retrySecondsAfter(policy, 4));
    expect(new Set(some).size).toBeGreaterThan(10);
  });

  it('grows from what is configured', () => {
    expect(retrySecondsAfter(recoveryPolicy(1), 1, () => 1)).toBe(1);
    expect(retrySecondsAfter(recoveryPolicy(86_400), 4, () => 1)).toBe(86_400);
  });
});
