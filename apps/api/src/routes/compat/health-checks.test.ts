import { expect, test } from 'vitest';
import { type HealthFacts, healthChecks, overall } from './health-checks.js';

const facts: HealthFacts = {
  hours: 24,
  recent: { ended: 1, succeeded: 1, recordsProcessed: 1, recordsFailed: 0 },
  live: undefined,
  budget: { budget: null, reason: 'none' },
  connection: { status: 'active', statusReason: null },
  tokens: { renewedAt: new Date(0), failures: 0, failedAt: null, errorCode: null },
};
const checkOf = (name: string, over: Partial<HealthFacts>) =>
  healthChecks({ ...facts, ...over }).find((check) => check.name === name);
const recent = (ended: number, succeeded: number, recordsProcessed = 0, recordsFailed = 0) => ({
  recent: { ended, succeeded, recordsProcessed, recordsFailed },
});
const budget = (used: number) => {
  const { nextFreeAt, pausedUntil, windowSeconds } = { nextFreeAt: null, pausedUntil: null, windowSeconds: 300 };
  const use = { limit: 300, used, free: 300 - used, share: used / 3, windowSeconds, nextFreeAt, pausedUntil };
  return { budget: { budget: use, reason: null } as const };
};

test.each([
  ['success_rate', recent(20, 19), 'fail'],
  // Reads as 95 percent, and is more.
  ['success_rate', recent(2_421, 2_300), 'ok'],
  ['record_error_rate', recent(1, 1, 100, 5), 'fail'],
  ['record_error_rate', recent(1, 1, 1_000, 49), 'ok'],
  ['longest_running', { live: { minutes: 59.99, waitsFor: null } }, 'ok'],
  ['longest_running', { live: { minutes: 60, waitsFor: null } }, 'fail'],
  ['budget_used', budget(239), 'ok'],
  ['budget_used', budget(240), 'warning'],
  ['budget_used', {}, 'unknown'],
  ['token_refresh', { tokens: { ...facts.tokens, failures: 1 } }, 'fail'],
  ['token_refresh', { tokens: { ...facts.tokens, renewedAt: null } }, 'unknown'],
  ['token_refresh', {}, 'ok'],
] as const)('%s of %j is %s', (name, over, verdict) => {
  expect(checkOf(name, over)?.verdict).toBe(verdict);
});

test.each([
  [['ok', 'ok'], 'ok'],
  [['ok', 'unknown'], 'unknown'],
  [['unknown', 'warning', 'ok'], 'warning'],
  [['fail', 'warning', 'ok'], 'fail'],
] as const)('all in all %j is %s', (each, verdict) => {
  expect(overall(each.map((one) => ({ verdict: one })))).toBe(verdict);
});
